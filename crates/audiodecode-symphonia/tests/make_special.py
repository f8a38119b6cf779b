"""Makes tests/special: files that go wrong silently when a decoder does not look, small and with expected lengths.

    pip install numpy soundfile && apt-get install ffmpeg vorbis-tools opus-tools flac
    python3 tests/make_special.py

The HE-AAC files come from fdk-aac (crate fdk-aac 0.8: 44.1 kHz stereo, 48 and 32 kbit/s, ADTS) and are committed as they
are: special/he-v1.aac, he-v2.aac, he-5.1.aac (96 kbit/s) and, by the same encoder, plain lc-fdk.aac. This script puts them into
containers.
"""

import pathlib
import subprocess
import tempfile

import numpy as np
import soundfile as sf

HERE = pathlib.Path(__file__).parent / "special"
FORMATS = pathlib.Path(__file__).parents[3] / "fixtures" / "formats"
RATE = 44_100


def signal(frames: int, rate: int = RATE) -> np.ndarray:
    t = np.arange(frames) / rate
    left = 0.3 * np.sin(2 * np.pi * 440 * t) + 0.1 * np.sin(2 * np.pi * 3300 * t)
    right = 0.3 * np.sin(2 * np.pi * 554 * t + 1) + 0.1 * np.sin(2 * np.pi * 5100 * t)
    return np.stack([left, right], 1)


def run(*args) -> None:
    subprocess.run([str(a) for a in args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ffmpeg(source, target: str, *args) -> None:
    run("ffmpeg", "-y", "-v", "error", "-i", source, *args, "-bitexact", HERE / target)


def main() -> None:
    work = pathlib.Path(tempfile.mkdtemp())
    for name in ("he-v1", "he-v2", "he-5.1", "lc-fdk"):
        ffmpeg(HERE / f"{name}.aac", f"{name}.mp4", "-c", "copy", "-bsf:a", "aac_adtstoasc")
        ffmpeg(HERE / f"{name}.aac", f"{name}.mkv", "-c", "copy")
    # A length that is no whole number of milliseconds.
    odd = work / "odd.wav"
    sf.write(odd, signal(22_049), RATE, subtype="PCM_16")
    ffmpeg(odd, "odd-length.m4a", "-c:a", "aac", "-b:a", "96k", "-aac_pns", "0")
    # Low rates of plain AAC-LC, which look like HE-AAC to a careless test.
    for rate in (22_050, 24_000):
        low = work / "low.wav"
        sf.write(low, signal(rate // 2, rate), rate, subtype="PCM_16")
        ffmpeg(low, f"lc-{rate}.aac", "-c:a", "aac", "-b:a", "48k")
    # Chains: two streams of one kind behind each other, then two of different channel counts.
    one, two, mono = work / "one.wav", work / "two.wav", work / "mono.wav"
    sf.write(one, signal(10_000), RATE, subtype="PCM_16")
    sf.write(two, signal(7_001), RATE, subtype="PCM_16")
    sf.write(mono, signal(5_000)[:, :1], RATE, subtype="PCM_16")
    for index, wav in enumerate((one, two, mono)):
        run("oggenc", "-Q", "-q", "2", "-s", index + 1, wav, "-o", work / f"{index}.ogg")
        run("opusenc", "--quiet", "--bitrate", "48", wav, work / f"{index}.opus")
    for kind in ("ogg", "opus"):
        parts = [(work / f"{index}.{kind}").read_bytes() for index in range(3)]
        (HERE / f"chained.{kind}").write_bytes(parts[0] + parts[1])
        (HERE / f"chained-mono.{kind}").write_bytes(parts[0] + parts[2])
    # Several pages of Vorbis, so that one in the middle can be lost.
    long = work / "long.wav"
    sf.write(long, signal(90_000) + 0.2 * np.random.default_rng(1).standard_normal((90_000, 2)), RATE, subtype="PCM_16")
    run("oggenc", "-Q", "-q", "1", "-s", 9, long, "-o", HERE / "pages.ogg")
    # Two audio tracks, the second one mono.
    run("ffmpeg", "-y", "-v", "error", "-i", one, "-i", mono, "-map", "0:a", "-map", "1:a", "-c:a", "flac", "-bitexact",
        HERE / "two-tracks.mka")
    # A tone of its own for each channel of 5.1, in the order of WAV, so that one at another's place is heard.
    five, t = work / "five.wav", np.arange(13_230) / RATE
    tones = np.stack([0.3 * np.sin(2 * np.pi * hertz * t) for hertz in (500, 700, 1100, 60, 1700, 2300)], 1)
    sf.write(five, tones, RATE, subtype="PCM_16")
    ffmpeg(five, "aac-5.1.m4a", "-channel_layout", "5.1", "-c:a", "aac", "-aac_pns", "0", "-b:a", "192k")
    for kind in ("aac", "mkv"):
        ffmpeg(HERE / "aac-5.1.m4a", f"aac-5.1.{kind}", "-c", "copy")
    # In movie fragments of 0.1 s, whose data begins at a place counted from the fragment or, for one, from the file.
    fragments = ("-c", "copy", "-strict", "-2", "-frag_duration", "100000", "-movflags")
    for source, target in (("alac.m4a", "alac.mp4"), ("s16.flac", "flac.mp4"), ("libmp3lame.mp3", "mp3.mp4"),
                           ("aac.m4a", "aac.mp4"), ("pcm.mov", "pcm.mov"), ("ulaw.wav", "ulaw.mov")):
        ffmpeg(FORMATS / source, f"frag-{target}", *fragments, "+delay_moov+default_base_moof")
    ffmpeg(FORMATS / "aac.m4a", "frag-aac-offsets.mp4", *fragments, "+delay_moov")
    ffmpeg(FORMATS / "s16.flac", "flac.mp4", "-c", "copy", "-strict", "-2")
    # QuickTime's PCM in both byte orders.
    for kind, source in (("s24be", "s24"), ("s24le", "s24"), ("s32be", "s32"), ("f32be", "f32"), ("f64be", "f32")):
        ffmpeg(FORMATS / f"{source}.wav", f"{kind}.mov", "-af", "atrim=end_sample=1000", "-c:a", f"pcm_{kind}")
    # Channels that only the sample entry states.
    ffmpeg(FORMATS / "alaw.wav", "alaw.mov", "-c", "copy")
    # Tags.
    run("flac", "-s", "-f", "-T", "TITLE=A title", "-T", "ARTIST=Someone", one, "-o", HERE / "tags.flac")
    run("ffmpeg", "-y", "-v", "error", "-i", one, "-c:a", "alac", "-metadata", "title=A title", "-metadata",
        "artist=Someone", HERE / "tags.m4a")


if __name__ == "__main__":
    main()
