"""What CTranslate2 computes, for the tests of the compiled models.

    python3 -m venv venv && venv/bin/pip install faster-whisper==1.2.1
    venv/bin/python compiled-models.py $(node ../../../../scripts/fetch-model.mjs base tiny.en)

Writes to ../golden `jfk-mel.f16` (log-mel spectrogram of fixtures/jfk.flac, 80 rows, half precision) and for each model a JSON
file of what its encoder and decoder make of exactly that spectrogram, padded with zeros to 30 seconds. Format with oxfmt.
"""

import json
import sys
from pathlib import Path

import ctranslate2
import faster_whisper
import numpy as np
from faster_whisper.audio import decode_audio
from faster_whisper.feature_extractor import FeatureExtractor

HERE = Path(__file__).parent
GOLDEN = HERE / "../golden"
FRAMES = 3000
# Sampled places of the encoder's output, and tokens whose scores are kept besides the best ones.
POSITIONS = range(0, 1500, 25)
STEP_OF_WIDTH = 17
STEP_OF_TOKENS = 2503


def spectrogram():
    audio = decode_audio(str(HERE / "../../../../fixtures/jfk.flac"))
    mel = FeatureExtractor()(audio)[:, :-1].astype(np.float16)
    mel.tofile(GOLDEN / "jfk-mel.f16")
    padded = np.zeros((1, mel.shape[0], FRAMES), np.float32)
    padded[0, :, : mel.shape[1]] = mel
    return padded, mel.shape[1]


def rounded(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).ravel()]


def relative_rms(values, reference):
    return float(np.sqrt(((values - reference) ** 2).mean() / (reference**2).mean()))


def reference(folder, mel, frames):
    config = json.loads((folder / "config.json").read_text())
    features = ctranslate2.StorageView.from_array(mel)
    models = {
        kind: ctranslate2.models.Whisper(str(folder), compute_type=kind)
        for kind in ("float32", "int8")
    }
    encoded = {kind: model.encode(features) for kind, model in models.items()}
    hidden = {kind: np.array(value)[0] for kind, value in encoded.items()}
    model, sound = models["float32"], encoded["float32"]

    is_multilingual = model.is_multilingual
    start = [50258, 50259, 50359] if is_multilingual else [50257]
    prompt = [*start, 50363 if is_multilingual else 50362]
    free = {"suppress_tokens": [], "suppress_blank": False}
    greedy = {"beam_size": 1, "return_scores": True}
    plain = model.generate(sound, [prompt], return_logits_vocab=True, return_no_speech_prob=True, **greedy, **free)[0]
    ruled = {kind: models[kind].generate(encoded[kind], [prompt], **greedy)[0] for kind in models}
    tokens = plain.sequences_ids[0]
    logits = np.array([np.array(step) for step in plain.logits[0]], np.float64).reshape(len(tokens) + 1, -1)
    log_sums = np.log(np.exp(logits).sum(axis=1))
    some = list(range(0, logits.shape[1], STEP_OF_TOKENS))
    aligned = model.align(sound, start, [tokens], frames)[0]

    return {
        "made_with": f"faster-whisper {faster_whisper.__version__}, ctranslate2 {ctranslate2.__version__}",
        "frames": frames,
        "encoder": {
            "positions": list(POSITIONS),
            "step_of_width": STEP_OF_WIDTH,
            "values": rounded(hidden["float32"][list(POSITIONS), ::STEP_OF_WIDTH]),
            "int8_relative_rms": relative_rms(hidden["int8"], hidden["float32"]),
        },
        "decoder": {
            "start": start,
            "prompt": prompt,
            "tokens": tokens,
            "no_speech_probability": plain.no_speech_prob,
            "sampled_tokens": some,
            "logits": [rounded(row) for row in logits[:, some]],
            "best": logits.argmax(axis=1).tolist(),
            "best_log_probabilities": rounded(logits.max(axis=1) - log_sums),
            # Softmax over text alone of each token, given all before it.
            "text_token_probabilities": rounded(aligned.text_token_probs),
            "alignments": aligned.alignments,
        },
        # With the model's suppressed tokens: what a transcription without timestamps gives.
        "greedy": {kind: {"tokens": result.sequences_ids[0], "score": result.scores[0]} for kind, result in ruled.items()},
        "suppressed": len(config["suppress_ids"]),
    }


def main():
    mel, frames = spectrogram()
    for folder in map(Path, sys.argv[1:]):
        (GOLDEN / f"compiled-{folder.name}.json").write_text(json.dumps(reference(folder, mel, frames)) + "\n")


main()
