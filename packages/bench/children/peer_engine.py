"""Python peers as a long-lived engine: one JSON command a line on stdin, one JSON answer a line on stdout."""

import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import version

import numpy as np

from answer_lines import answer_lines
from peer_decoders import DECODERS


def timed(call):
    start = time.perf_counter()
    value = call()
    return (time.perf_counter() - start) * 1000, value


def decode(decoder, file, options=None, dump=None, gain=1):
    ms, (samples, rate) = timed(lambda: DECODERS[decoder](file, **(options or {})))
    if dump is not None:
        np.ascontiguousarray(samples.T * np.float32(gain)).tofile(dump)
    return {"ms": ms, "frames": samples.shape[0], "channels": samples.shape[1], "sampleRate": rate}


POOLS = {}


def batch(decoder, files, threads, options=None):
    pool = POOLS.setdefault(threads, ThreadPoolExecutor(threads))
    ms, results = timed(lambda: list(pool.map(lambda file: DECODERS[decoder](file, **(options or {})), files)))
    return {"ms": ms, "frames": sum(samples.shape[0] for samples, _ in results)}


SIGNALS = {}


def soxr(file, rate):
    """Only the resampling: the decoded file is kept between calls."""
    import soxr as lib

    if file not in SIGNALS:
        SIGNALS[file] = DECODERS["soundfile"](file)
    samples, input_rate = SIGNALS[file]
    ms, result = timed(lambda: lib.resample(samples, input_rate, rate, "HQ"))
    return {"ms": ms, "frames": result.shape[0], "channels": result.shape[1], "sampleRate": rate}


def feature(name, samples, sampleRate, dump=None):
    """A feature of samples that were written to a file, with librosa's defaults."""
    import librosa

    if samples not in SIGNALS:
        SIGNALS[samples] = np.fromfile(samples, "float32")
    y = SIGNALS[samples]
    calls = {
        "stft": lambda: librosa.stft(y),
        "melSpectrogram": lambda: librosa.feature.melspectrogram(y=y, sr=sampleRate),
        "logMelSpectrogram": lambda: librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=sampleRate)),
        "mfcc": lambda: librosa.feature.mfcc(y=y, sr=sampleRate),
        "delta": lambda: librosa.feature.delta(librosa.feature.mfcc(y=y, sr=sampleRate)),
    }
    ms, matrix = timed(calls[name])
    if dump is not None:
        np.ascontiguousarray(matrix.real, "float32").tofile(dump)
    return {"ms": ms, "shape": matrix.shape}


def band_difference(left, right, channels, band):
    """RMS of the difference below a share of the Nyquist frequency over that of the right side there, in dB.

    The first and last 64 samples are faded: a cut begins with a step, whose band beyond the share no filter treats as another does.
    """
    a, b = (np.fromfile(path, "float32").astype("float64").reshape(channels, -1) for path in (left, right))
    faded = np.ones(a.shape[1])
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(64) / 64)
    faded[:64], faded[-64:] = ramp, ramp[::-1]
    spectra = [np.fft.rfft(x * faded, axis=1) for x in (a - b, b)]
    kept = int(spectra[0].shape[1] * band)
    error, power = (float((np.abs(x[:, :kept]) ** 2).sum()) for x in spectra)
    return 10 * np.log10(max(error / power, 1e-30))


def wrong_ranges(decoder, file, ranges):
    """Ranges that differ by more than 1e-6 from the slice of the decoder's own whole, one frame to either side allowed."""
    whole, rate = DECODERS[decoder](file)
    wrong, largest = 0, 0.0
    for place in ranges:
        part, _ = DECODERS[decoder](file, **place)
        start = round(place["offset"] * rate)
        differences = []
        for shift in (-1, 0, 1):
            expected = whole[max(0, start + shift) : max(0, start + shift) + part.shape[0]]
            common = min(len(part), len(expected))
            differences.append(float(np.abs(part[:common] - expected[:common]).max()) if common else 0.0)
        wrong += min(differences) > 1e-6
        largest = max(largest, min(differences))
    return {"checked": len(ranges), "wrong": wrong, "largest": largest}


def versions(packages):
    found = {name: version(name) for name in packages}
    for name in packages:
        if name == "soundfile":
            found["libsndfile"] = import_module(name).__libsndfile_version__
        if name == "av":
            found["FFmpeg in av"] = import_module(name).ffmpeg_version_info
    return found


answer_lines(
    {
        "decode": decode,
        "batch": batch,
        "soxr": soxr,
        "feature": feature,
        "band_difference": band_difference,
        "wrongRanges": wrong_ranges,
        "versions": versions,
    }
)
