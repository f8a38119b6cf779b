#!/usr/bin/env python3
"""Makes tests/mpeg: short MPEG audio streams of the unusual kinds, and the samples FFmpeg or mpg123 gives for them.

Needs lame, ffmpeg (with libtwolame), numpy and soundfile. `name.s24` beside `name` holds the reference: interleaved
24-bit little-endian samples. Run it in this directory; the result is committed, so tests do not need these tools.
"""
import pathlib
import subprocess

import numpy as np
import soundfile

OUT = pathlib.Path(__file__).parent / "mpeg"
SPEECH = pathlib.Path(__file__).parents[3] / "fixtures" / "jfk.flac"
RNG = np.random.default_rng(7)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def source(name, seconds, rate, channels):
    """Speech, two voices of different pitch and a little noise: something for every part of an encoder."""
    speech, speech_rate = soundfile.read(SPEECH, dtype="float64", always_2d=True)
    start = int(0.6 * speech_rate)
    time = np.arange(int(seconds * rate)) / rate
    position = start + time * speech_rate
    left = np.interp(position, np.arange(len(speech)), speech[:, 0])
    tone = 0.15 * np.sin(2 * np.pi * 330 * time * (1 + 0.2 * time)) * (np.sin(2 * np.pi * 5 * time) > 0)
    right = 0.6 * left + 0.1 * np.sin(2 * np.pi * 1250 * time)
    signal = np.stack([left * 0.6 + tone, right * 0.6 + tone * 0.5], axis=1)[:, :channels]
    signal += RNG.normal(0, 0.003, signal.shape)
    path = OUT / name
    soundfile.write(path, np.clip(signal, -0.95, 0.95), rate, subtype="PCM_16")
    return path


def write_reference(path, samples):
    """Interleaved 24-bit little-endian."""
    values = np.rint(np.asarray(samples, dtype=np.float64) * (1 << 23)).astype("<i4").reshape(-1)
    assert np.abs(values).max() < 1 << 23
    path.with_name(path.name + ".s24").write_bytes(values.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())


def ffmpeg_reference(path, channels):
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-"], check=True, capture_output=True
    ).stdout
    samples = np.frombuffer(raw, "<f4").reshape(-1, channels)
    write_reference(path, samples)
    print(f"{path.name}: {path.stat().st_size} bytes, {len(samples)} frames")


def mpg123_reference(path):
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    write_reference(path, samples)
    print(f"{path.name}: {path.stat().st_size} bytes, {len(samples)} frames (mpg123)")


def layer_1(path, frames=24, rate_index=0, kilobits=10, channels=2):
    """Layer I has no encoder here, but its syntax is simple: random allocations, scale factors and samples are valid.

    ISO/IEC 11172-3 §2.4.1.5. Bit rate index 10 is 320 kbit/s: 348 bytes a frame at 44.1 kHz, 352 with padding.
    """
    data = b""
    for frame in range(frames):
        bits = []

        def put(value, count):
            bits.extend(value >> (count - 1 - i) & 1 for i in range(count))

        padding = frame % 2
        put(0xFFF, 12), put(1, 1), put(3, 2), put(1, 1)
        put(kilobits, 4), put(rate_index, 2), put(padding, 1), put(0, 1)
        put(0 if channels == 2 else 3, 2), put(0, 6)
        length = 4 * (12 * kilobits * 32_000 // 44_100 + padding)
        budget = length * 8 - 32 - 32 * channels * 4
        allocation = np.zeros((32, channels), int)
        for band in RNG.permutation(14):
            for channel in range(channels):
                wanted = int(RNG.integers(0, 9))
                cost = 6 + 12 * (wanted + 1)
                if wanted and cost <= budget:
                    allocation[band, channel] = wanted
                    budget -= cost
        for band in range(32):
            for channel in range(channels):
                put(int(allocation[band, channel]), 4)
        for band in range(32):
            for channel in range(channels):
                if allocation[band, channel]:
                    put(int(RNG.integers(14, 40)), 6)
        for _ in range(12):
            for band in range(32):
                for channel in range(channels):
                    width = int(allocation[band, channel]) + 1
                    if width > 1:
                        put(int(RNG.integers(0, (1 << width) - 1)), width)
        bits.extend([0] * (length * 8 - len(bits)))
        data += np.packbits(np.array(bits, np.uint8)).tobytes()
    path.write_bytes(data)


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    stereo = source("stereo.wav", 0.3, 44_100, 2)
    mono = source("mono.wav", 0.9, 44_100, 1)
    mono_24 = source("mono24.wav", 1.2, 24_000, 1)
    stereo_22 = source("stereo22.wav", 0.4, 22_050, 2)
    mono_8 = source("mono8.wav", 1.5, 8_000, 1)
    mono_48 = source("mono48.wav", 0.2, 48_000, 1)
    for name, wav, channels, options in [
        ("untagged-cbr128.mp3", stereo, 2, ["-b", "128", "-t"]),
        ("untagged-v2.mp3", stereo, 2, ["-V", "2", "-t"]),
        ("tagged-v2-crc.mp3", stereo, 2, ["-V", "2", "-p"]),
        ("untagged-mono32.mp3", mono, 1, ["-b", "32", "-t", "--resample", "44.1"]),
        ("v9-mono.mp3", mono, 1, ["-V", "9", "--resample", "44.1"]),
        ("mpeg2-mono8.mp3", mono_24, 1, ["-b", "8", "-t", "--resample", "24"]),
        ("mpeg2-stereo.mp3", stereo_22, 2, ["-b", "48", "--resample", "22.05"]),
        ("mpeg25-mono8.mp3", mono_8, 1, ["-b", "8", "-t", "--resample", "8"]),
    ]:
        run("lame", "--quiet", *options, wav, OUT / name)
        ffmpeg_reference(OUT / name, channels)
    run("lame", "--quiet", "--freeformat", "-b", "200", "-t", stereo, OUT / "free-format.mp3")
    mpg123_reference(OUT / "free-format.mp3")
    for name, wav, channels, options in [
        ("stereo.mp2", stereo, 2, ["-c:a", "libtwolame", "-b:a", "192k"]),
        ("mono48.mp2", mono_48, 1, ["-c:a", "mp2", "-b:a", "64k"]),
        ("mpeg2.mp2", stereo_22, 2, ["-c:a", "libtwolame", "-b:a", "64k"]),
    ]:
        run("ffmpeg", "-v", "error", "-y", "-i", wav, *options, "-f", "mp2", OUT / name)
        ffmpeg_reference(OUT / name, channels)
    layer_1(OUT / "stereo.mp1")
    ffmpeg_reference(OUT / "stereo.mp1", 2)
    for wav in OUT.glob("*.wav"):
        wav.unlink()


main()
