"""Writes what the tests read.

gsm.wav: a decaying chirp in GSM 6.10, encoded by libsndfile. gsm.wav.s16: what FFmpeg decodes it to.
made-of-16-khz.opus: a tenth of a second that was sampled at 16 kHz before it was encoded, as its header tells.

Needs libsndfile.so.1, ffmpeg and opusenc.
"""

import ctypes
import math
import pathlib
import subprocess

RATE, FRAMES = 8000, 320 * 25
FORMAT_WAV_GSM610, MODE_WRITE = 0x010020, 0x20


class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64)] + [
        (name, ctypes.c_int) for name in ("samplerate", "channels", "format", "sections", "seekable")
    ]


def main() -> None:
    folder = pathlib.Path(__file__).parent
    library = ctypes.CDLL("libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(Info)]
    library.sf_writef_short.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    library.sf_close.argtypes = [ctypes.c_void_p]
    path = folder / "gsm.wav"
    info = Info(0, RATE, 1, FORMAT_WAV_GSM610, 0, 0)
    handle = library.sf_open(str(path).encode(), MODE_WRITE, ctypes.byref(info))
    seconds = [frame / RATE for frame in range(FRAMES)]
    values = [int(20000 * math.exp(-2 * t) * math.sin(6.2831853 * (200 + 900 * t) * t)) for t in seconds]
    library.sf_writef_short(handle, (ctypes.c_short * FRAMES)(*values), FRAMES)
    library.sf_close(handle)
    decode = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    (folder / "gsm.wav.s16").write_bytes(subprocess.run(decode, check=True, capture_output=True).stdout)
    sine = ["-f", "lavfi", "-i", "sine=440:d=0.1:r=16000", "-fflags", "+bitexact", "-f", "wav", "-"]
    wav = subprocess.run(["ffmpeg", "-v", "error", *sine], check=True, capture_output=True).stdout
    opus = folder / "made-of-16-khz.opus"
    encode = ["opusenc", "--quiet", "--serial", "1", "--bitrate", "16", "-", str(opus)]
    subprocess.run(encode, input=wav, check=True)


main()
