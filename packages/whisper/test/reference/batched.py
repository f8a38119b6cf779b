"""What faster-whisper 1.2.1's BatchedInferencePipeline makes of jfk-16k.flac in float32, for the tests of batches.

    pip install faster-whisper==1.2.1 soundfile
    python batched.py MODELS     # a folder with base/ and tiny.en/, as scripts/fetch-model.mjs fetches them

Reads ../data/jfk-16k.flac, which transcribe.py makes, and writes ../golden/batched.json. Temperature 0 alone, as the pipeline has
no fallback.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile
from faster_whisper import BatchedInferencePipeline, WhisperModel

from told_run import told_run

HERE = Path(__file__).resolve().parent
MODELS = Path(sys.argv[1])

# Seconds of jfk-16k.flac, each behind `silence` seconds, so that no two chunks are the same.
PARTS = [[0, 11], [3, 11], [0, 7.8], [5.2, 11], [2, 10], [0, 4.6], [0, 11]]
GREEDY = dict(beam_size=1, temperature=0, batch_size=3, without_timestamps=False)
BEAM = dict(beam_size=5, temperature=0, batch_size=3, without_timestamps=False)
CLIPS = [dict(start=0, end=9.5), dict(start=12.2, end=20), dict(start=21.3, end=47.1), dict(start=48, end=60.2)]
SHORT = dict(parts=[[0, 11], [3, 11]], chunk_length=12)
CASES = {
    "base": {
        "greedy": dict(language="en", **GREEDY),
        "beam 5": dict(language="en", **BEAM),
        "language detected, words": dict(word_timestamps=True, **SHORT, **GREEDY),
        "multilingual": dict(multilingual=True, **SHORT, **GREEDY),
    },
    "tiny.en": {
        "greedy": dict(**GREEDY),
        "words": dict(word_timestamps=True, **GREEDY),
        "words, beam 5": dict(word_timestamps=True, **BEAM),
        "without timestamps": dict(beam_size=1, temperature=0, batch_size=4),
        "without timestamps, beam 5, words": dict(beam_size=5, temperature=0, batch_size=4, word_timestamps=True),
        "clips": dict(clip_timestamps=CLIPS, **GREEDY),
        "short chunks": dict(chunk_length=12, word_timestamps=True, **GREEDY),
        "prompt and hotwords": dict(initial_prompt=" Americans:", hotwords="KENNEDY", **GREEDY),
        "options of voice detection": dict(
            vad_parameters=dict(threshold=0.6, min_silence_duration_ms=400, speech_pad_ms=100), **GREEDY
        ),
        "short audio, all of it": dict(vad_filter=False, parts=[[0, 11]], silence=0, **GREEDY),
    },
}


def main():
    whole, rate = soundfile.read(HERE / "../data/jfk-16k.flac", dtype="float32")
    assert rate == 16000
    golden = {}
    for name, cases in CASES.items():
        model = WhisperModel(str(MODELS / name), device="cpu", compute_type="float32", cpu_threads=2)
        pipeline = BatchedInferencePipeline(model=model)
        for case, given in cases.items():
            given = {"parts": PARTS, "silence": 1.5, **given}
            options = dict(given)
            silence = np.zeros(round(16000 * options.pop("silence")), np.float32)
            parts = [whole[round(16000 * a) : round(16000 * b)] for a, b in options.pop("parts")]
            audio = np.concatenate([piece for part in parts for piece in (silence, part)])
            segments, info = pipeline.transcribe(audio, **json.loads(json.dumps(options)))
            golden[f"{name}: {case}"] = told_run(name, given, info, segments)
            print(name, case, len(audio) / 16000, "".join(s["text"] for s in golden[f"{name}: {case}"]["segments"])[:70])
            (HERE / "../golden/batched.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
