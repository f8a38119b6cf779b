"""What faster-whisper 1.2.1 makes of jfk.flac on a processor in float32, for the tests of transcription.

    pip install faster-whisper==1.2.1 soundfile
    python transcribe.py MODELS     # a folder with base/ and tiny.en/, as scripts/fetch-model.mjs fetches them

Writes ../data/jfk-16k.flac, the samples that it was given, and ../golden/transcribe.json.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio

from told_run import told_run

HERE = Path(__file__).resolve().parent
MODELS = Path(sys.argv[1])

GREEDY = dict(beam_size=1, temperature=0)
CASES = {
    "base": {
        "greedy": dict(language="en", **GREEDY),
        "beam 5": dict(language="en", beam_size=5, temperature=0),
        "beam 5, patience 2": dict(language="en", beam_size=5, patience=2, temperature=0),
        "beam 3, length penalty 0.5": dict(language="en", beam_size=3, length_penalty=0.5, temperature=0),
        "language detected": dict(**GREEDY),
        "without timestamps": dict(language="en", without_timestamps=True, **GREEDY),
        "beam without timestamps": dict(language="en", without_timestamps=True, beam_size=5, temperature=0),
        "initial prompt": dict(language="en", initial_prompt="A speech by J. F. Kennedy:", **GREEDY),
        "prefix": dict(language="en", prefix="And thus, my", **GREEDY),
        "prefix, beam 5": dict(language="en", prefix="And thus, my", beam_size=5, temperature=0),
        "prefix without timestamps": dict(language="en", prefix="And thus, my", without_timestamps=True, **GREEDY),
        "hotwords": dict(language="en", hotwords="AMERICANS", **GREEDY),
        "translate": dict(language="en", task="translate", **GREEDY),
        "as French": dict(language="fr", **GREEDY),
        "repetition penalty": dict(language="en", repetition_penalty=1.3, **GREEDY),
        "repetition penalty, beam 5": dict(language="en", repetition_penalty=1.3, beam_size=5, temperature=0),
        "no repeated pairs": dict(language="en", no_repeat_ngram_size=2, **GREEDY),
        "tokens suppressed": dict(language="en", suppress_tokens=[-1, 1029, 13], **GREEDY),
        "nothing suppressed": dict(language="en", suppress_tokens=[], suppress_blank=False, **GREEDY),
        "late first timestamp": dict(language="en", max_initial_timestamp=0, **GREEDY),
        "few tokens": dict(language="en", max_new_tokens=7, **GREEDY),
        "clips": dict(language="en", clip_timestamps=[1.5, 4.0, 8.0], **GREEDY),
        "multilingual": dict(multilingual=True, **GREEDY),
        "three times": dict(language="en", beam_size=5, temperature=0, repeat=3),
        "three times, greedy": dict(language="en", repeat=3, **GREEDY),
        "three times, unconditioned": dict(language="en", repeat=3, condition_on_previous_text=False, **GREEDY),
        "words": dict(language="en", word_timestamps=True, **GREEDY),
        "words, three times": dict(language="en", word_timestamps=True, beam_size=5, temperature=0, repeat=3),
        "words, hallucinations skipped": dict(
            language="en", word_timestamps=True, hallucination_silence_threshold=1, repeat=2, silence=12, **GREEDY
        ),
        "speech alone": dict(language="en", vad_filter=True, repeat=3, silence=6, **GREEDY),
        "speech alone, words": dict(
            language="en", vad_filter=True, word_timestamps=True, repeat=2, silence=6, **GREEDY
        ),
        "speech alone, options": dict(
            language="en",
            vad_filter=True,
            vad_parameters=dict(threshold=0.6, min_silence_duration_ms=300, speech_pad_ms=100),
            repeat=2,
            silence=3,
            **GREEDY,
        ),
    },
    "tiny.en": {
        "greedy": dict(**GREEDY),
        "beam 5": dict(beam_size=5, temperature=0),
        "three times": dict(repeat=3, **GREEDY),
        "words": dict(word_timestamps=True, **GREEDY),
    },
}


def main():
    # 16 bit, so that the file holds exactly what the model was given.
    samples = decode_audio(str(HERE / "../../../../fixtures/jfk.flac"))
    whole = np.round(samples * 32768).astype(np.int16)
    assert np.array_equal(whole.astype(np.float32) / 32768, samples)
    (HERE / "../data").mkdir(exist_ok=True)
    soundfile.write(HERE / "../data/jfk-16k.flac", whole, 16000)

    golden = {}
    for name, cases in CASES.items():
        model = WhisperModel(str(MODELS / name), device="cpu", compute_type="float32", cpu_threads=2)
        for case, given in cases.items():
            options = dict(given)
            # Seconds of silence behind each repetition.
            part = np.concatenate([samples, np.zeros(16000 * options.pop("silence", 0), np.float32)])
            audio = np.concatenate([part] * options.pop("repeat", 1))
            segments, info = model.transcribe(audio, **options)
            golden[f"{name}: {case}"] = told_run(name, given, info, segments)
            print(name, case, "".join(s["text"] for s in golden[f"{name}: {case}"]["segments"])[:70])
    path = HERE / "../golden/transcribe.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
