"""Writes test/golden/text-vad.json: where faster-whisper's voice detection hears speech.

Usage: python text-vad.py
Needs faster-whisper==1.2.1 and the command flac. The audio is that of fixtures/jfk.flac, brought to 16 kHz mono by straight lines
between samples, which the test does as well: both must hear the very same numbers.
"""

import json
import random
import subprocess
from pathlib import Path

import numpy as np
from faster_whisper import vad
from faster_whisper.vad import VadOptions, get_speech_timestamps

HERE = Path(__file__).parent
RNG = random.Random(1964)


def jfk() -> np.ndarray:
    raw = subprocess.run(
        ["flac", "-dcs", "--force-raw-format", "--endian=little", "--sign=signed", HERE / "../../../../fixtures/jfk.flac"],
        check=True, capture_output=True,
    ).stdout
    bytes24 = np.frombuffer(raw, np.uint8).reshape(-1, 2, 3).astype(np.int32)
    samples = (bytes24[..., 0] << 8 | bytes24[..., 1] << 16 | bytes24[..., 2] << 24) >> 8
    mono = (samples[:, 0] + samples[:, 1]) / 2**24
    at = np.arange(len(mono) * 16000 // 44100) * (44100 / 16000)
    left = np.floor(at).astype(np.int64)
    right = np.minimum(left + 1, len(mono) - 1)
    return (mono[left] + (mono[right] - mono[left]) * (at - left)).astype(np.float32)


def noise(count: int) -> np.ndarray:
    """-60 dB, from a generator that the test has too."""
    state, out = 1, np.empty(count, dtype=np.float32)
    for n in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[n] = (state / 2**31 - 1) * 0.001
    return out


def with_pauses(speech: np.ndarray) -> np.ndarray:
    """Phrases of the speech between silences; seconds of each are in the test as well."""
    def part(start: float, end: float) -> np.ndarray:
        return speech[int(start * 16000) : int(end * 16000)]

    return np.concatenate([
        np.zeros(20_000, np.float32), part(0.3, 2.3), np.zeros(11_000, np.float32), part(3.2, 4.4), noise(45_000),
        part(5.3, 7.7), noise(3_000), part(8.1, 10.6), np.zeros(70_123, np.float32), part(0.3, 0.7), noise(18_000),
    ])


def options() -> list:
    return [
        dict(),
        dict(min_silence_duration_ms=160, max_speech_duration_s=30),
        dict(min_silence_duration_ms=100, speech_pad_ms=30, min_speech_duration_ms=250),
        dict(threshold=0.7, neg_threshold=0.6, min_silence_duration_ms=300, speech_pad_ms=0),
        dict(max_speech_duration_s=2, min_silence_duration_ms=2000, speech_pad_ms=100),
        dict(max_speech_duration_s=3, min_silence_duration_ms=500),
    ]


def hear() -> list:
    speech = jfk()
    files = {"jfk": speech, "whole windows": speech[: 512 * 200], "tail": speech[: 512 * 220 + 500],
             "pauses": with_pauses(speech), "nothing": noise(48_000), "short": speech[16000:16100]}
    # More windows than are heard in one call.
    files["long"] = np.concatenate([files["pauses"], speech, files["pauses"]])
    cases = []
    for name, samples in files.items():
        padded = np.pad(samples, (0, 512 - len(samples) % 512))
        probabilities = vad.get_vad_model()(padded).reshape(-1)
        cases.append(dict(
            name=name,
            samples=len(samples),
            probabilities=[round(float(p), 5) for p in probabilities],
            found=[dict(options=given, speech=get_speech_timestamps(samples, VadOptions(**given))) for given in options()],
        ))
    return cases


def decide() -> list:
    """The decisions alone, on drawn probabilities in hundredths."""
    cases = []
    for _ in range(60):
        windows = RNG.randint(1, 160)
        level, probabilities = 10, []
        while len(probabilities) < windows:
            level = RNG.choice([2, 10, 34, 36, 49, 50, 51, 90, 99])
            probabilities += [level] * RNG.choice([1, 1, 2, 3, 5, 8, 20])
        probabilities = probabilities[:windows]
        given = dict(
            threshold=RNG.choice([0.5, 0.5, 0.35, 0.9]),
            neg_threshold=RNG.choice([None, None, 0.1]),
            min_speech_duration_ms=RNG.choice([0, 0, 96, 96, 250]),
            max_speech_duration_s=RNG.choice([float("inf"), 1, 1.5, 3]),
            min_silence_duration_ms=RNG.choice([50, 97, 99, 160, 500, 2000]),
            speech_pad_ms=RNG.choice([0, 30, 33, 100, 400]),
        )
        samples = windows * 512 - RNG.randint(1, 512)
        vad.get_vad_model = lambda: lambda _: [p / 100 for p in probabilities]
        found = get_speech_timestamps(np.zeros(samples, np.float32), VadOptions(**given))
        if given["max_speech_duration_s"] == float("inf"):
            del given["max_speech_duration_s"]
        cases.append(dict(options={k: v for k, v in given.items() if v is not None}, samples=samples,
                          probabilities=probabilities, speech=found))
    return cases


def main() -> None:
    golden = dict(hear=hear(), decide=decide())
    (HERE.parent / "golden" / "text-vad.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    for case in golden["hear"]:
        print(case["name"], case["samples"], [len(f["speech"]) for f in case["found"]])
    print("stretches decided:", sum(len(case["speech"]) for case in golden["decide"]))


main()
