"""Makes the signals that the references are computed of, as 16-bit samples:

speech.s16  1.25 s at 16,000 Hz, mono, out of fixtures/jfk.flac
music.s16   1 s at 22,050 Hz, stereo, channel after channel: plucked chords with vibrato, a bass, and a drum, over quiet noise

    pip install numpy==2.5.5 scipy soundfile
    python3 packages/features/test/reference/make_signals.py
"""

import pathlib

import numpy as np
import scipy.signal
import soundfile

HERE = pathlib.Path(__file__).parent


def write(name: str, channels: np.ndarray) -> None:
    np.round(np.clip(channels, -1, 1) * 32_767).astype("<i2").tofile(HERE / name)


def speech() -> np.ndarray:
    samples, rate = soundfile.read(HERE / "../../../../fixtures/jfk.flac")
    assert rate == 44_100
    mono = scipy.signal.resample_poly(samples.mean(axis=1), 160, 441)
    return mono[None, 5_000:25_000]


def music(rate: int = 22_050) -> np.ndarray:
    rng = np.random.default_rng(7)
    time = np.arange(rate) / rate
    channels = []
    for channel in range(2):
        sound = 0.002 * rng.standard_normal(rate)
        for start, notes in ((0.05, (220.0, 277.18, 329.63)), (0.5, (196.0, 246.94, 392.0))):
            since = np.maximum(time - start, 0)
            pluck = (time >= start) * np.exp(-3 * since)
            for number, note in enumerate(notes):
                vibrato = 0.3 * np.sin(2 * np.pi * 5.5 * since)
                for partial in range(1, 12):
                    loud = 0.12 / partial**1.3 * np.exp(-partial * since)
                    sound += pluck * loud * np.sin(2 * np.pi * note * partial * since + vibrato + channel + number)
        sound += 0.2 * np.sin(2 * np.pi * 55 * time) * (0.6 - 0.4 * channel)
        hit = np.maximum(time - 0.75, 0)
        sound += (time >= 0.75) * np.exp(-40 * hit) * 0.3 * rng.standard_normal(rate)
        channels.append(sound * 0.8)
    return np.stack(channels)


write("speech.s16", speech())
write("music.s16", music())
