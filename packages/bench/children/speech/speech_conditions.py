"""What becomes of clean speech on its way: each function takes and gives 16 kHz float32 samples."""

import subprocess
import tempfile

import numpy as np
import soundfile

RATE = 16_000


def sox(samples, *effects, rate=None):
    """The samples behind sox's effects; `rate` goes through another sampling rate, as telephones do."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as before, tempfile.NamedTemporaryFile(suffix=".wav") as after:
        soundfile.write(before.name, samples, RATE, subtype="FLOAT")
        # -D -R: no dither, and the same random numbers each time.
        middle = ["-r", str(rate), "-e", "u-law", "-b", "8"] if rate else ["-e", "float", "-b", "32"]
        subprocess.run(["sox", "-D", "-R", before.name, *middle, after.name, *effects], check=True, capture_output=True)
        result, got = soundfile.read(after.name, dtype="float32", always_2d=True)
    result = result.mean(axis=1)
    return result if got == RATE else sox_rate(result, got)


def sox_rate(samples, rate):
    with tempfile.NamedTemporaryFile(suffix=".wav") as before, tempfile.NamedTemporaryFile(suffix=".wav") as after:
        soundfile.write(before.name, samples, rate, subtype="FLOAT")
        subprocess.run(["sox", "-D", before.name, "-r", str(RATE), after.name], check=True, capture_output=True)
        return soundfile.read(after.name, dtype="float32")[0]


def level(samples):
    """RMS of what is not silence."""
    return float(np.sqrt(np.mean(samples[np.abs(samples) > 1e-3] ** 2)))


def beside(samples, other, decibels):
    """Another sound below the speech."""
    return samples + other * (level(samples) / max(level(other), 1e-9) * 10 ** (-decibels / 20))


def noise(random, length):
    """Pink below 4 kHz, as rooms and streets are."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 40)
    return np.fft.irfft(spectrum / np.sqrt(frequencies), length)


def music(random, length):
    """Chords of plucked strings, one and a half a second."""
    time = np.arange(int(1.5 * RATE)) / RATE
    result = np.zeros(length + time.size)
    for start in range(0, length, int(RATE / 1.5)):
        root = 110 * 2 ** (random.choice([0, 3, 5, 7, 8]) / 12)
        for step in (0, 4, 7, 12):
            tone = root * 2 ** (step / 12)
            for partial in range(1, 6):
                wave = np.sin(2 * np.pi * tone * partial * time) / partial
                result[start : start + time.size] += wave * np.exp(-3 * time * partial**0.5)
    return result[:length]


def lossy(samples, _random):
    """MP3 of 24 kbit/s."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav, tempfile.NamedTemporaryFile(suffix=".mp3") as mp3:
        soundfile.write(wav.name, samples, RATE)
        subprocess.run(["lame", "--quiet", "-b", "24", wav.name, mp3.name], check=True)
        subprocess.run(["lame", "--quiet", "--decode", mp3.name, wav.name], check=True, capture_output=True)
        return soundfile.read(wav.name, dtype="float32")[0]


# Long silences and two speakers are no filters: make_speech.py arranges them.
CONDITIONS = {
    "clean": lambda samples, random: samples,
    "noise 20 dB": lambda samples, random: beside(samples, noise(random, samples.size), 20),
    "two speakers": lambda samples, random: samples,
    "reverb": lambda samples, random: sox(samples, "reverb", "45", "50", "60"),
    "telephone": lambda samples, random: sox(samples, "sinc", "300-3400", rate=8000),
    "music": lambda samples, random: beside(samples, music(random, samples.size), 14),
    "long silences": lambda samples, random: beside(samples, noise(random, samples.size), 45),
    "noise 10 dB": lambda samples, random: beside(samples, noise(random, samples.size), 10),
    "fast": lambda samples, random: sox(samples, "tempo", "-s", "1.15"),
    "quiet": lambda samples, random: samples * np.float32(0.03),
    "lossy": lossy,
    "slow": lambda samples, random: sox(samples, "tempo", "-s", "0.9"),
    "noise 5 dB": lambda samples, random: beside(samples, noise(random, samples.size), 5),
}
