"""ONNX exports of a tiny Whisper whose weights follow a formula, for the tests of what is read out of them.

    python3 -m venv new && new/bin/pip install torch==2.15.0 transformers==4.57.6 optimum-onnx==0.1.0 onnxconverter-common onnxslim
    new/bin/python onnx-exports.py new
    python3 -m venv old && old/bin/pip install torch==2.2.2 transformers==4.41.2 optimum==1.20.0 onnx==1.16.1 'numpy<2' onnxruntime
    old/bin/python onnx-exports.py old

Writes ../data/onnx-exports/new and old (an exporter of 2024: norms in single steps, positions as a table), each with the graphs
packed by gzip. `new` also gets the forms that transformers.js makes: simplified by onnxslim, float16, weights outside of the graph,
and dynamically quantised.
"""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

DATA = Path(__file__).parent / "../data/onnx-exports"
VOCABULARY = 60


def formula(name, shape):
    """Multiples of 1/256 between -63 and 63; the test has the same formula. Exact in half precision."""
    count = 1
    for size in shape:
        count *= size
    seed = sum(name.encode())
    values = (torch.arange(count) * 17 + torch.arange(count) // 127 * 5 + seed * 29) % 127 - 63
    return (values / 256).reshape(shape)


def tiny():
    config = WhisperConfig(
        vocab_size=VOCABULARY,
        d_model=64,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=1,
        decoder_attention_heads=1,
        encoder_ffn_dim=256,
        decoder_ffn_dim=256,
        bos_token_id=40,
        eos_token_id=40,
        pad_token_id=40,
        decoder_start_token_id=41,
        suppress_tokens=[1, 2],
        begin_suppress_tokens=[3, 40],
    )
    model = WhisperForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(formula(name.removeprefix("model."), parameter.shape))
    return model


def pack(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    # Without a time, so that the same content gives the same file.
    target.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))


def export(folder):
    tiny().save_pretrained(folder / "model")
    command = [
        Path(sys.executable).parent / "optimum-cli", "export", "onnx", "--model", "model",
        "--task", "automatic-speech-recognition-with-past", "onnx",
    ]
    subprocess.run([str(part) for part in command], cwd=folder, check=True)
    return folder / "onnx"


def forms_of_transformers_js(onnx_folder, target):
    import onnxslim
    from onnxconverter_common import float16
    from onnxruntime.quantization import QuantType, quantize_dynamic

    for name in ("encoder_model", "decoder_model_merged"):
        path = onnx_folder / f"{name}.onnx"
        slim = onnx_folder / f"{name}-slim.onnx"
        onnx.save(onnxslim.slim(onnx.load(path)), slim)
        pack(slim, target / f"slim/{name}.onnx.gz")
        half = onnx_folder / f"{name}_fp16.onnx"
        onnx.save(
            float16.convert_float_to_float16(
                onnx.load(path), keep_io_types=True, disable_shape_infer=True
            ),
            half,
        )
        pack(half, target / f"float16/{half.name}.gz")
        outside = onnx_folder / f"outside/{name}.onnx"
        outside.parent.mkdir(exist_ok=True)
        onnx.save(
            onnx.load(path), outside, save_as_external_data=True, location=f"{name}.onnx_data",
            size_threshold=1024,
        )
        pack(outside, target / f"outside/{name}.onnx.gz")
        pack(Path(f"{outside}_data"), target / f"outside/{name}.onnx_data.gz")
    quantised = onnx_folder / "quantised.onnx"
    quantize_dynamic(onnx_folder / "encoder_model.onnx", quantised, weight_type=QuantType.QInt8)
    pack(quantised, target / "quantised/encoder_model.onnx.gz")


def main():
    kind = sys.argv[1]
    target = DATA / kind
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        folder = export(Path(work))
        for name in ("encoder_model", "decoder_model", "decoder_model_merged"):
            pack(folder / f"{name}.onnx", target / f"{name}.onnx.gz")
        for name in ("config.json", "generation_config.json"):
            config = json.loads((folder / name).read_text())
            (target / name).write_text(json.dumps(config, indent=2) + "\n")
        if kind == "new":
            forms_of_transformers_js(folder, target)


main()
