"""Makes tests/special/aac-*: AAC-LC with and without perceptual noise substitution, in every container.

    pip install numpy && apt-get install ffmpeg
    python3 tests/make_aac_noise.py

The encoder is FFmpeg's own, which says itself whether it may use noise (-aac_pns). Tones, clicks and hiss bring out long and short
windows, mid-side and intensity stereo. The files named noise use it in their middle third alone.
"""

import pathlib
import subprocess
import tempfile
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent / "special"


def signal(frames: int, rate: int, channels: int) -> np.ndarray:
    t = np.arange(frames) / rate
    random = np.random.default_rng(5)
    left = 0.3 * np.sin(2 * np.pi * 440 * t) + 0.1 * np.sin(2 * np.pi * 2300 * t)
    right = 0.2 * np.sin(2 * np.pi * 442 * t) + 0.1 * np.sin(2 * np.pi * 1700 * t + 1)
    both = np.stack([left, right], 1)
    for click in range(rate // 9, frames, rate // 5):
        both[click : click + 40] += random.uniform(-0.6, 0.6, (min(40, frames - click), 2))
    noise = random.standard_normal((frames, 2)) * [0.12, 0.08]
    noise[: frames * 2 // 5] = 0
    if channels == 2:
        # For a while in the right channel only.
        noise[frames // 2 : frames * 3 // 5, 0] = 0
    return np.clip(both + noise, -0.99, 0.99)[:, :channels]


def ffmpeg(*args) -> None:
    subprocess.run(["ffmpeg", "-y", "-v", "error", *map(str, args)], check=True)


def frames(adts: pathlib.Path) -> list[bytes]:
    data, found, at = adts.read_bytes(), [], 0
    while at < len(data):
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        found.append(data[at : at + length])
        at += length
    return found


def splice(noisy: pathlib.Path, plain: pathlib.Path) -> None:
    """Leaves noise in the middle of the first file alone, so that there are places before, in and behind it."""
    noise, rest = frames(noisy), frames(plain)
    third = len(rest) // 3
    noisy.write_bytes(b"".join(rest[:third] + noise[third : 2 * third] + rest[2 * third :]))


def main() -> None:
    work = pathlib.Path(tempfile.mkdtemp())
    for channels, rate, bits in ((2, 44_100, "40k"), (1, 32_000, "20k")):
        wav = work / "in.wav"
        with wave.open(str(wav), "wb") as file:
            file.setparams((channels, 2, rate, 0, "NONE", ""))
            samples = signal(rate * 3 // 2, rate, channels)
            file.writeframes((samples * 32767).round().astype("<i2").tobytes())
        for name, pns in (("noise", 1), ("plain", 0)):
            adts = HERE / f"aac-{name}-{'stereo' if channels == 2 else 'mono'}.aac"
            ffmpeg("-i", wav, "-c:a", "aac", "-b:a", bits, "-aac_pns", pns, "-bitexact", adts)
            if pns:
                noisy = adts
        splice(noisy, adts)
        for adts in (noisy, adts):
            # The same packets elsewhere.
            stem = str(adts.with_suffix(""))
            copy = ("-i", adts, "-c", "copy", "-bitexact")
            ffmpeg(*copy, "-bsf:a", "aac_adtstoasc", f"{stem}.m4a")
            ffmpeg(*copy, f"{stem}.mkv")
            fragmented = ("-movflags", "delay_moov+default_base_moof", "-frag_duration", "200000")
            ffmpeg(*copy, "-bsf:a", "aac_adtstoasc", *fragmented, f"{stem}-fragmented.mp4")


if __name__ == "__main__":
    main()
