"""Makes tests/data: short files of formats that only FFmpeg reads, from known PCM, with the ffmpeg command (5.1.9).

Lossless ones are held against the PCM (`*.s16`: planar, little endian), lossy ones against what the ffmpeg command decodes
(`*.f32`: planar float32, little endian), and Musepack against what mpcdec does. Run it with Python 3; it needs ffmpeg and, of Debian's
musepack-tools, mpcenc and mpcdec.
"""

import json
import math
import random
import struct
import subprocess
from pathlib import Path

DATA = Path(__file__).parent / "data"
FFMPEG = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y"]

# Encoding only: a decoder told to be bit-exact may use other arithmetic than usual.
PLAIN = ("-bitexact",)


def signal(rate: int, channels: int, frames: int) -> list[list[int]]:
    """Another tone, and a little noise, in each channel."""
    noise = random.Random(7)
    return [
        [
            round(9000 * math.sin(2 * math.pi * (300 + 170 * channel) * n / rate)) + noise.randrange(-300, 300)
            for n in range(frames)
        ]
        for channel in range(channels)
    ]


def run(*arguments: object, data: bytes | None = None) -> bytes:
    done = subprocess.run([*FFMPEG, *map(str, arguments)], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments}: {done.stderr.decode()}")
    return done.stdout


def interleaved(planes: list[list[int]]) -> bytes:
    return b"".join(struct.pack(f"<{len(planes)}h", *frame) for frame in zip(*planes))


def encode(name: str, rate: int, channels: int, frames: int, *options: object) -> bytes:
    pcm = interleaved(signal(rate, channels, frames))
    run("-f", "s16le", "-ar", rate, "-ac", channels, "-i", "-", *options, *PLAIN, DATA / name, data=pcm)
    return pcm


def planar(data: bytes, channels: int, size: int) -> bytes:
    step = channels * size
    return b"".join(
        b"".join(data[at + channel * size : at + (channel + 1) * size] for at in range(0, len(data), step))
        for channel in range(channels)
    )


LOSSLESS = [
    ("tone.tta", "tta", "tta", 22050, 2, 5000, ()),
    ("tone.wv", "wavpack", "wavpack", 22050, 2, 5000, ()),
    ("tone.voc", "voc", "pcm_s16le", 22050, 2, 5000, ("-c:a", "pcm_s16le")),
    ("tone.au", "au", "pcm_s16be", 22050, 2, 5000, ()),
    ("tone.avi", "avi", "pcm_s16le", 22050, 2, 5000, ("-c:a", "pcm_s16le")),
]
LOSSY = [
    ("tone.ac3", "ac3", "ac3", 32000, 2, 5000, ("-b:a", "96k")),
    ("tone.eac3", "eac3", "eac3", 32000, 2, 5000, ("-b:a", "96k")),
    ("surround.ac3", "ac3", "ac3", 48000, 6, 2500, ("-b:a", "256k")),
    ("dts.mka", "matroska", "dts", 44100, 1, 3000, ("-strict", "-2", "-c:a", "dca", "-b:a", "192k")),
    ("tone.mp2", "mp3", "mp2", 32000, 2, 5000, ("-b:a", "64k")),
    ("tone.wma", "asf", "wmav2", 22050, 2, 6000, ("-c:a", "wmav2", "-b:a", "48k")),
    ("tone-v1.wma", "asf", "wmav1", 22050, 1, 6000, ("-c:a", "wmav1", "-b:a", "32k")),
    ("tone.spx", "ogg", "speex", 16000, 1, 4000, ("-c:a", "libspeex",)),
    ("gsm.wav", "wav", "gsm_ms", 8000, 1, 3200, ("-c:a", "libgsm_ms",)),
    ("tone.m2ts", "mpeg-ts", "mp2", 32000, 2, 6000, ("-c:a", "mp2", "-b:a", "64k", "-f", "mpegts")),
    ("tone.flv", "flv", "mp3", 22050, 1, 6000, ("-c:a", "libmp3lame", "-b:a", "32k")),
    ("g726.wav", "wav", "adpcm_g726", 8000, 1, 3000, ("-c:a", "g726", "-b:a", "32k")),
]


def amr(frames: int) -> bytes:
    """AMR of 12.2 kbit/s: any bits are a sound."""
    noise = random.Random(11)
    return b"#!AMR\n" + b"".join(b"\x3c" + noise.randbytes(31) for _ in range(frames))


def dsf(blocks: int) -> bytes:
    """DSD of one channel at 2.8 MHz, of random bits."""
    noise = random.Random(13)
    data = noise.randbytes(4096 * blocks)
    form = struct.pack("<4sQ6IQ2I", b"fmt ", 52, 1, 0, 1, 1, 2822400, 1, len(data) * 8, 4096, 0)
    body = struct.pack("<4sQ", b"data", 12 + len(data)) + data
    return struct.pack("<4s3Q", b"DSD ", 28, 28 + len(form) + len(body), 0) + form + body


# Formats that the ffmpeg command cannot write.
WRITTEN = [
    ("noise.amr", "amr", "amr_nb", 8000, 1, amr(12)),
    ("noise.dsf", "dsf", "dsd_lsbf_planar", 352800, 1, dsf(2)),
]


def musepack() -> None:
    """Musepack of stream version 8, and its 16 bits by the reference decoder."""
    wav, mpc = DATA / "tone.wav", DATA / "tone.mpc"
    pcm = interleaved(signal(44100, 2, 5000))
    run("-f", "s16le", "-ar", 44100, "-ac", 2, "-i", "-", *PLAIN, wav, data=pcm)
    subprocess.run(["mpcenc", "--silent", "--overwrite", wav, mpc], check=True, capture_output=True)
    subprocess.run(["mpcdec", mpc, wav], check=True, capture_output=True)
    decoded = run("-i", wav, "-f", "s16le", "-")
    (DATA / "tone.mpc.s16").write_bytes(planar(decoded, 2, 2))
    wav.unlink()


def main() -> None:
    DATA.mkdir(exist_ok=True)
    manifest = []
    for name, container, codec, rate, channels, frames, options in LOSSLESS:
        pcm = encode(name, rate, channels, frames, *options)
        (DATA / "tone.s16").write_bytes(planar(pcm, channels, 2))
        manifest.append([name, container, codec, rate, channels, frames, "tone.s16"])
    for name, *_, data in WRITTEN:
        (DATA / name).write_bytes(data)
    for name, container, codec, rate, channels, frames, options in LOSSY:
        encode(name, rate, channels, frames, *options)
    for name, container, codec, rate, channels, *_ in LOSSY + WRITTEN:
        # Decoders that are preferred to FFmpeg's first choice, as in names.rs.
        decoder = ("-c:a", {"mp2": "mp2float", "speex": "libspeex"}[codec]) if codec in ("mp2", "speex") else ()
        decoded = run(*decoder, "-i", DATA / name, "-c:a", "pcm_f32le", "-f", "f32le", "-")
        (DATA / f"{name}.f32").write_bytes(planar(decoded, channels, 4))
        manifest.append([name, container, codec, rate, channels, len(decoded) // 4 // channels, f"{name}.f32"])
    keys = ("file", "container", "codec", "sampleRate", "channels", "frames", "reference")
    rows = [json.dumps(dict(zip(keys, row))) for row in manifest]
    (DATA / "manifest.json").write_text("[\n  " + ",\n  ".join(rows) + "\n]\n")
    musepack()
    # A film of a second with two sound tracks, and music with a picture of its cover.
    film = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=0.3"]
    tones = [item for hertz in (500, 900) for item in ("-f", "lavfi", "-i", f"sine={hertz}:sample_rate=16000:duration=0.3")]
    maps = ["-map", "0:v", "-map", "1:a", "-map", "2:a"]
    run(*film, *tones, *maps, "-c:v", "mpeg4", "-c:a", "aac", "-b:a", "24k", *PLAIN, DATA / "film.mp4")
    cover = ["-f", "lavfi", "-i", "color=red:size=16x16:duration=0.1", "-map", "0:a", "-map", "1:v", "-frames:v", "1"]
    run(*tones[:4], *cover, "-c:a", "flac", "-c:v", "png", "-disposition:v", "attached_pic", *PLAIN, DATA / "cover.flac")
    run(*film, "-c:v", "mpeg4", *PLAIN, DATA / "silent.mp4")


main()
