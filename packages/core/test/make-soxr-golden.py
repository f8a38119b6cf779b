"""Makes golden/soxr.json and golden/soxr-rolloff.json: short test signals through soxr HQ, the resampler that librosa uses.

Run: pip install numpy==2.* soxr==1.* && python3 make-soxr-golden.py
The signal is made again by the test from the same formula: sines under a Hann window, below 0.42 of the lower Nyquist in the first file.
Higher up soxr HQ rolls off by up to 0.008 dB, which the second file is about.
"""

import json
from pathlib import Path

import numpy as np
import soxr

FOLDER = Path(__file__).parent / "golden"


def make(name, pairs, shares):
    cases = []
    for source, target in pairs:
        frames = int(np.ceil(1500 * max(1, source / target)))
        t = np.arange(frames)
        nyquist = min(source, target) / 2
        window = 0.5 - 0.5 * np.cos(2 * np.pi * t / frames)
        signal = window * sum(0.15 * np.sin(2 * np.pi * share * nyquist * t / source) for share in shares)
        # soxr works at the precision of its input: single precision in, as the test has it, computed in double.
        output = soxr.resample(signal.astype(np.float32).astype(np.float64), source, target, quality="HQ")
        middle = len(output) // 2
        cases.append(
            {
                "inputRate": source,
                "outputRate": target,
                "inputFrames": frames,
                "shares": shares,
                "firstFrame": middle - 100,
                "samples": [round(float(x), 9) for x in output[middle - 100 : middle + 100]],
            }
        )
    (FOLDER / name).write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


make(
    "soxr.json",
    [(44100, 16000), (44100, 22050), (48000, 44100), (8000, 44100), (11025, 16000), (96000, 48000), (192000, 16000)],
    [0.031, 0.1, 0.17, 0.29, 0.413],
)
make(
    "soxr-rolloff.json",
    [(44100, 16000), (44100, 48000), (48000, 22050), (16000, 44100), (22050, 24000), (44100, 22050)],
    [0.31, 0.52, 0.71, 0.83, 0.88],
)
