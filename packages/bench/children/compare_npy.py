"""Compares the .npy files of two folders: `compare_npy.py INPUT A B`. Prints how many there are, and the worst difference."""

import json
import sys
from pathlib import Path

import numpy as np

source, left, right = (Path(argument) for argument in sys.argv[1:4])
files, shapes, worst = 0, 0, -np.inf
for path in sorted(source.rglob("*.mp3")):
    name = path.relative_to(source).with_suffix(".npy")
    if not (left / name).exists() or not (right / name).exists():
        continue
    a, b = np.load(left / name), np.load(right / name)
    files += 1
    if a.shape != b.shape or a.dtype != b.dtype:
        continue
    shapes += 1
    worst = max(worst, 20 * np.log10(max(1e-12, np.linalg.norm(a - b) / np.linalg.norm(b))))
print(json.dumps({"files": files, "shapes": shapes, "relativeDb": float(worst)}))
