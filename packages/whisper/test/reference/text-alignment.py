"""Writes test/golden/text-alignment.json: where CTranslate2 aligns the words of fixtures/jfk.flac.

Usage: python text-alignment.py $(node ../../../../scripts/fetch-model.mjs base tiny.en)
Needs faster-whisper==1.2.1. The sound is golden/jfk-mel.f16 of compiled-models.py.
"""

import json
import sys
from pathlib import Path
from types import MethodType, SimpleNamespace

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import WhisperModel

GOLDEN = Path(__file__).parent.parent / "golden"
TEXT = " And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."


def main() -> None:
    mel = np.fromfile(GOLDEN / "jfk-mel.f16", np.float16).reshape(80, -1)
    padded = np.zeros((1, 80, 3000), np.float32)
    padded[0, :, : mel.shape[1]] = mel
    golden = {}
    for folder in map(Path, sys.argv[1:]):
        model = ctranslate2.models.Whisper(str(folder), compute_type="float32")
        tokenizer = Tokenizer(
            tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")), model.is_multilingual, "transcribe", "en"
        )
        encoded = model.encode(ctranslate2.StorageView.from_array(padded))
        tokens = tokenizer.encode(TEXT)
        result = model.align(encoded, tokenizer.sot_sequence, [tokens], mel.shape[1], median_filter_width=7)[0]
        stand_in = SimpleNamespace(model=model, tokens_per_second=50)
        stand_in.find_alignment = MethodType(WhisperModel.find_alignment, stand_in)
        words = stand_in.find_alignment(tokenizer, [tokens], encoded, mel.shape[1])[0]
        golden[folder.name] = dict(
            start=tokenizer.sot_sequence,
            tokens=tokens,
            frames=mel.shape[1],
            rows=[a for a, _ in result.alignments],
            columns=[b for _, b in result.alignments],
            probabilities=[round(p, 6) for p in result.text_token_probs],
            words=[[w["word"], float(w["start"]), float(w["end"]), round(float(w["probability"]), 6)] for w in words],
        )
        print(folder.name, golden[folder.name]["words"])
    (GOLDEN / "text-alignment.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
