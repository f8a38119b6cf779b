"""Makes golden/soxr.json: short test signals through soxr HQ, the resampler that librosa uses.

Run: pip install numpy==2.* soxr==1.* && python3 make-soxr-golden.py
The signal is made again by the test from the same formula: sines below 0.42 of the lower Nyquist under a Hann window. Higher up
soxr HQ droops by up to 0.005 dB, which the test would measure instead of us.
"""

import json
from pathlib import Path

import numpy as np
import soxr

PAIRS = [(44100, 16000), (44100, 22050), (48000, 44100), (8000, 44100), (11025, 16000), (96000, 48000), (192000, 16000)]
SHARES = [0.031, 0.1, 0.17, 0.29, 0.413]

cases = []
for source, target in PAIRS:
    frames = int(np.ceil(1500 * max(1, source / target)))
    t = np.arange(frames)
    nyquist = min(source, target) / 2
    window = 0.5 - 0.5 * np.cos(2 * np.pi * t / frames)
    signal = window * sum(0.15 * np.sin(2 * np.pi * share * nyquist * t / source) for share in SHARES)
    # soxr works at the precision of its input: single precision in, as the test has it, computed in double.
    output = soxr.resample(signal.astype(np.float32).astype(np.float64), source, target, quality="HQ")
    middle = len(output) // 2
    cases.append(
        {
            "inputRate": source,
            "outputRate": target,
            "inputFrames": frames,
            "firstFrame": middle - 100,
            "samples": [round(float(x), 9) for x in output[middle - 100 : middle + 100]],
        }
    )

path = Path(__file__).parent / "golden" / "soxr.json"
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
