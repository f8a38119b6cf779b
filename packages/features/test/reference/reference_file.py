"""Writes reference values: NAME.f32 holds them one after the other, NAME.json says which they are.

A matrix is kept whole or thinned out: every `keepRows`-th row and `keepColumns`-th column, from the first on.
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def samples(name: str) -> np.ndarray:
    """The signal of that name: [channels, frames] in 32-bit floats, exact."""
    channels = {"speech": 1, "music": 2}[name]
    return (np.fromfile(HERE / f"{name}.s16", "<i2") / 32_768).astype("float32").reshape(channels, -1)


class ReferenceFile:
    def __init__(self, name: str) -> None:
        self.path = HERE / name
        self.cases: list[dict] = []
        self.values: list[np.ndarray] = []
        self.at = 0

    def add(self, case: dict, matrix: np.ndarray, rows: int = 1, columns: int = 1) -> None:
        kept = np.ascontiguousarray(matrix[..., ::rows, ::columns], dtype="<f4").ravel()
        shape = list(matrix.shape[-2:])
        self.cases.append({**case, "shape": shape, "keepRows": rows, "keepColumns": columns, "at": self.at})
        self.values.append(kept)
        self.at += kept.size

    def write(self) -> None:
        np.concatenate(self.values).tofile(self.path.with_suffix(".f32"))
        lines = ",\n".join("  " + json.dumps(case) for case in self.cases)
        self.path.with_suffix(".json").write_text(f"[\n{lines}\n]\n")
