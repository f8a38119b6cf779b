"""Writes what faster-whisper's FeatureExtractor gives: whisper.f32, whisper.json.

    pip install faster-whisper==1.2.1
    python3 packages/features/test/reference/make_whisper.py

`npm run format` formats whisper.json as it is committed.
"""

import importlib.metadata

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from reference_file import ReferenceFile, samples

assert importlib.metadata.version("faster_whisper") == "1.2.1"
speech = samples("speech")[0]
reference = ReferenceFile("whisper")


def add(mels: int, first: int, frames: int, gain: float = 1, **keep: int) -> None:
    signal = speech[first : first + frames] * np.float32(gain)
    case = {"nMels": mels, "first": first, "frames": frames, "gain": gain}
    reference.add(case, FeatureExtractor(feature_size=mels)(signal), **keep)


add(80, 0, len(speech), columns=2)
add(128, 0, len(speech), columns=3)
# Lengths around a whole number of hops, and shorter than what is reflected.
for frames in (3_199, 3_200, 3_201):
    add(80, 6_000, frames, columns=5)
for frames in (0, 1, 2, 39, 40, 41, 159, 160, 399, 400):
    add(80, 6_000, frames)
# So quiet that the floor of 1e-10 is what most values are.
add(80, 6_000, 3_200, gain=2**-15, columns=5)
reference.write()
