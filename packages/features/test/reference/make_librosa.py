"""Writes what librosa gives: librosa.f32, librosa.json. `npm run format` formats the second as it is committed.

    pip install librosa==1.0.0
    python3 packages/features/test/reference/make_librosa.py
"""

import warnings

import librosa
import numpy as np

from reference_file import ReferenceFile, samples

assert librosa.__version__ == "1.0.0"
warnings.simplefilter("error")
reference = ReferenceFile("librosa")
SIGNALS = {
    "speech": (samples("speech")[0], 16_000),
    "music": (samples("music")[0], 22_050),
    "other music": (samples("music")[1], 22_050),
}
NAMES = {
    "nFft": "n_fft", "hopLength": "hop_length", "winLength": "win_length", "center": "center", "padMode": "pad_mode",
    "nMels": "n_mels", "fMin": "fmin", "fMax": "fmax", "power": "power", "htk": "htk",
}


def python(options: dict) -> dict:
    return {NAMES[name]: value for name, value in options.items() if name in NAMES}


def compute(function: str, y: np.ndarray, sr: int, options: dict) -> np.ndarray:
    if function == "stft":
        return librosa.stft(y, **python(options))
    norm = options.get("norm", "slaney")
    mel = librosa.feature.melspectrogram(y=y, sr=sr, norm=norm, **python(options))
    if function == "melSpectrogram":
        return mel
    if function == "logMelSpectrogram":
        names = {"ref": "ref", "amin": "amin", "topDb": "top_db"}
        return librosa.power_to_db(mel, **{names[name]: value for name, value in options.items() if name in names})
    return librosa.feature.mfcc(
        y=y, sr=sr, n_mfcc=options.get("nMfcc", 20), lifter=options.get("lifter", 0), mel_norm=norm, **python(options)
    )


def add(function: str, signal: str, options: dict | None = None, frames: int | None = None, **keep: int) -> None:
    y, sr = SIGNALS[signal]
    y = y[:frames]
    case = {"function": function, "signal": signal, "frames": len(y), "options": options or {}}
    matrix = compute(function, y, sr, options or {})
    if function != "stft":
        reference.add(case, matrix, **keep)
        return
    for part in ("re", "im"):
        reference.add({**case, "part": part}, np.ascontiguousarray(getattr(matrix, {"re": "real", "im": "imag"}[part])), **keep)


for signal in SIGNALS:
    keep = {"columns": 2} if signal != "other music" else {"columns": 4, "rows": 3}
    add("stft", signal, rows=25, columns=5)
    add("melSpectrogram", signal, **keep)
    add("logMelSpectrogram", signal, **keep)
    add("mfcc", signal, columns=2)
thin = {"rows": 3, "columns": 4}
for options in (
    {"center": False},
    {"padMode": "reflect"},
    {"hopLength": 300, "winLength": 1_000},
    {"nFft": 512, "hopLength": 128, "nMels": 40},
    {"nFft": 1_023, "hopLength": 400, "nMels": 40},
    {"nFft": 1_000, "winLength": 401, "hopLength": 250, "nMels": 24, "padMode": "reflect"},
    {"nFft": 600, "hopLength": 700, "nMels": 20},
    {"fMin": 50, "fMax": 7_600, "nMels": 64},
    {"htk": True},
    {"norm": None},
    {"power": 1},
    {"power": 1.5},
):
    add("melSpectrogram", "speech", options, **thin)
for options in ({"nFft": 512}, {"nFft": 400, "winLength": 399}, {"nFft": 255, "center": False}, {"nFft": 512, "padMode": "reflect"}):
    add("stft", "speech", options, rows=20, columns=12)
for options in ({"topDb": None}, {"topDb": 40}, {"ref": 0.01, "amin": 1e-4, "topDb": 60}, {"power": 1}):
    add("logMelSpectrogram", "speech", options, **thin)
for options in ({"nMfcc": 13, "lifter": 22}, {"nMels": 40, "nMfcc": 40, "htk": True}, {"norm": None}):
    add("mfcc", "speech", options, columns=4)
# Shorter than a frame, and than what is padded.
warnings.simplefilter("ignore")
for frames in (1, 2, 700, 1_024, 1_025, 2_047):
    for pad in ("constant", "reflect"):
        add("melSpectrogram", "speech", {"padMode": pad}, frames=frames, rows=8)
warnings.simplefilter("error")

# The derivatives of these MFCC, which the tests compute themselves.
mfcc = compute("mfcc", *SIGNALS["speech"], {})
for width, order in ((9, 1), (9, 2), (5, 1), (39, 3)):
    case = {"function": "delta", "signal": "speech", "frames": 20_000, "options": {"width": width, "order": order}}
    reference.add(case, librosa.feature.delta(mfcc, width=width, order=order), columns=2)
reference.write()
