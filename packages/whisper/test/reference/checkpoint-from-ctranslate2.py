"""A folder of faster-whisper as a checkpoint of transformers, to see that both give the same weights.

    python3 -m venv venv && venv/bin/pip install torch transformers optimum-onnx
    venv/bin/python checkpoint-from-ctranslate2.py FOLDER CHECKPOINT [largest file, e.g. 50MB]
    venv/bin/optimum-cli export onnx --model CHECKPOINT --task automatic-speech-recognition-with-past EXPORT

Then `expectedShapes(config)` read by openModel() from FOLDER, CHECKPOINT and EXPORT are the same bits; so they were for base (one
file; exports with and without branches) and tiny.en (three files).
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

TYPES = {0: "f4", 1: "i1", 2: "i2", 3: "i4", 4: "f2"}


class ModelBin:
    """Variables of model.bin, in float32."""

    def __init__(self, path):
        self.bytes, self.at, self.variables = path.read_bytes(), 0, {}
        self.number(4), self.text(), self.number(4)
        for _ in range(self.number(4)):
            self.variable()

    def number(self, length):
        self.at += length
        return int.from_bytes(self.bytes[self.at - length : self.at], "little")

    def text(self):
        length = self.number(2)
        self.at += length
        return self.bytes[self.at - length : self.at - 1].decode()

    def variable(self):
        name = self.text()
        shape = [self.number(4) for _ in range(self.number(1))]
        kind = np.dtype(TYPES[self.number(1)])
        length = self.number(4)
        values = np.frombuffer(self.bytes, kind, length // kind.itemsize, self.at)
        self.variables[name] = values.reshape(shape).astype(np.float32)
        self.at += length

    def layers(self, side):
        names = {name.split("/")[1] for name in self.variables if name.startswith(f"{side}/layer_")}
        return sum(1 for name in names if name.removeprefix("layer_").isdigit())


def linear(own, path, weights, bias):
    own[f"{path}.weight"] = weights
    if bias is not None:
        own[f"{path}.bias"] = bias


def layer(own, to, source, width, with_cross):
    def norm(path, name):
        linear(own, path, source[f"{name}/gamma"], source[f"{name}/beta"])

    def pair(name):
        return source[f"{name}/weight"], source[f"{name}/bias"]

    def parted(path, names, weights, biases):
        for at, name in enumerate(names):
            rows = slice(at * width, (at + 1) * width)
            linear(own, f"{path}.{name}", weights[rows], None if name == "k_proj" else biases[rows])

    parted(f"{to}.self_attn", ("q_proj", "k_proj", "v_proj"), *pair("self_attention/linear_0"))
    linear(own, f"{to}.self_attn.out_proj", *pair("self_attention/linear_1"))
    norm(f"{to}.self_attn_layer_norm", "self_attention/layer_norm")
    norm(f"{to}.final_layer_norm", "ffn/layer_norm")
    linear(own, f"{to}.fc1", *pair("ffn/linear_0"))
    linear(own, f"{to}.fc2", *pair("ffn/linear_1"))
    if with_cross:
        norm(f"{to}.encoder_attn_layer_norm", "attention/layer_norm")
        linear(own, f"{to}.encoder_attn.q_proj", *pair("attention/linear_0"))
        parted(f"{to}.encoder_attn", ("k_proj", "v_proj"), *pair("attention/linear_1"))
        linear(own, f"{to}.encoder_attn.out_proj", *pair("attention/linear_2"))


def main():
    folder, target = map(Path, sys.argv[1:3])
    model_bin = ModelBin(folder / "model.bin")
    variables = model_bin.variables
    said = json.loads((folder / "config.json").read_text())
    vocabulary, width = variables["decoder/embeddings/weight"].shape
    end = 50257 if vocabulary >= 51865 else 50256
    config = WhisperConfig(
        vocab_size=vocabulary,
        num_mel_bins=variables["encoder/conv1/weight"].shape[1],
        d_model=width,
        encoder_layers=model_bin.layers("encoder"),
        decoder_layers=model_bin.layers("decoder"),
        encoder_attention_heads=width // 64,
        decoder_attention_heads=width // 64,
        encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        decoder_start_token_id=end + 1,
        suppress_tokens=said["suppress_ids"],
        begin_suppress_tokens=said["suppress_ids_begin"],
    )
    own = {"decoder.embed_tokens.weight": variables["decoder/embeddings/weight"]}
    for name in ("conv1", "conv2"):
        values = (variables[f"encoder/{name}/{part}"] for part in ("weight", "bias"))
        linear(own, f"encoder.{name}", *values)
    for side in ("encoder", "decoder"):
        table = variables[f"{side}/position_encodings/encodings"]
        own[f"{side}.embed_positions.weight"] = table
        norm = (variables[f"{side}/layer_norm/{part}"] for part in ("gamma", "beta"))
        linear(own, f"{side}.layer_norm", *norm)
        for index in range(model_bin.layers(side)):
            start = f"{side}/layer_{index}/"
            source = {k.removeprefix(start): v for k, v in variables.items() if k.startswith(start)}
            layer(own, f"{side}.layers.{index}", source, width, side == "decoder")
    model = WhisperForConditionalGeneration(config)
    state = {f"model.{name}": torch.tensor(values) for name, values in own.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"proj_out.weight"} and not unexpected, (missing, unexpected)
    generation = model.generation_config
    generation.alignment_heads = said["alignment_heads"]
    generation.lang_to_id = {str(token): token for token in said.get("lang_ids", [])}
    model.save_pretrained(target, max_shard_size=sys.argv[3] if len(sys.argv) > 3 else "5GB")
    shutil.copy(folder / "tokenizer.json", target / "tokenizer.json")


main()
