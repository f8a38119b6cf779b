"""Takes the voice detector into assets/: Silero VAD 6.0 in the form that faster-whisper 1.2.1 ships.

Usage:
  pip download --no-deps faster-whisper==1.2.1 silero-vad==6.0.0
  python take-silero-vad.py faster_whisper-1.2.1-py3-none-any.whl silero_vad-6.0.0-py3-none-any.whl

faster-whisper's file has the weights of silero-vad 6.0.0 (later releases hear differently) in a graph that gives the
probabilities of any number of windows in one call. Both are under the MIT licence; the two texts are written beside it.
"""

import hashlib
import sys
import zipfile
from pathlib import Path

MODEL = "faster_whisper/assets/silero_vad_v6.onnx"
SHA256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
LICENSES = ("silero_vad-6.0.0.dist-info/licenses/LICENSE", "faster_whisper-1.2.1.dist-info/LICENSE")


def main() -> None:
    faster_whisper, silero = (zipfile.ZipFile(path) for path in sys.argv[1:3])
    model = faster_whisper.read(MODEL)
    if hashlib.sha256(model).hexdigest() != SHA256:
        sys.exit(f"{MODEL} is not the file that the tests were made with")
    texts = silero.read(LICENSES[0]).decode(), faster_whisper.read(LICENSES[1]).decode()
    notice = (
        "silero-vad.onnx holds the weights of Silero VAD 6.0.0 in a graph made by faster-whisper 1.2.1.\n\n"
        f"Silero VAD:\n\n{texts[0].strip()}\n\nfaster-whisper:\n\n{texts[1].strip()}\n"
    )
    assets = Path(__file__).parent.parent / "assets"
    assets.mkdir(exist_ok=True)
    (assets / "silero-vad.onnx").write_bytes(model)
    (assets / "silero-vad.LICENSE").write_text(notice)


main()
