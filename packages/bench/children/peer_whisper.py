"""faster-whisper as a long-lived engine, and the counting of word errors: one JSON command a line, one JSON answer a line."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from answer_lines import answer_lines

STATE = {}
SIGNALS = {}


def load(model, options):
    from faster_whisper import WhisperModel

    start = time.perf_counter()
    STATE["model"] = WhisperModel(model, device="cpu", **options)
    return {"ms": (time.perf_counter() - start) * 1000}


def snake(options):
    """Our names of options as faster-whisper's."""
    names = {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name): value for name, value in options.items()}
    # It always encodes 30 s.
    names.pop("short_audio", None)
    if "vad" in names:
        names["vad_filter"] = names.pop("vad")
    return names


def transcribe_one(audio, options):
    from faster_whisper import BatchedInferencePipeline

    # Chunks one after the other are the business of the model itself.
    one_by_one = options.get("batch_size") in (None, 1)
    if one_by_one:
        options = {name: value for name, value in options.items() if name != "batch_size"}
    pipeline = STATE["model"] if one_by_one else BatchedInferencePipeline(STATE["model"])
    segments, info = pipeline.transcribe(audio, **options)
    return list(segments), info


def transcript(result):
    segments, info = result
    names = {"start": "start", "end": "end", "seek": "seek", "text": "text", "tokens": "tokens"}
    names |= {"temperature": "temperature", "avg_logprob": "avgLogprob"}
    found = []
    for segment in segments:
        one = {name: getattr(segment, theirs) for theirs, name in names.items()}
        if segment.words is not None:
            one["words"] = [
                {"word": word.word, "start": word.start, "end": word.end, "probability": word.probability}
                for word in segment.words
            ]
        found.append(one)
    return {"language": info.language, "skippedSeconds": info.duration - info.duration_after_vad, "segments": found}


def samples_of(file):
    if file not in SIGNALS:
        SIGNALS[file] = np.fromfile(file, np.float32)
    return SIGNALS[file]


def transcribe(files, options):
    """`files` are transcribed at the same time, one caller each."""
    inputs = [samples_of(file) for file in files]
    options = snake(options)
    if len(inputs) > 1:
        with ThreadPoolExecutor(len(inputs)) as pool:
            start = time.perf_counter()
            results = list(pool.map(lambda audio: transcribe_one(audio, options), inputs))
            ms = (time.perf_counter() - start) * 1000
    else:
        start = time.perf_counter()
        results = [transcribe_one(inputs[0], options)]
        ms = (time.perf_counter() - start) * 1000
    return {"ms": ms, "transcripts": [transcript(result) for result in results]}


def transcribe_encoded(file, options):
    start = time.perf_counter()
    result = transcribe_one(file, snake(options))
    return {"ms": (time.perf_counter() - start) * 1000, "transcripts": [transcript(result)]}


def margin(file, options, seek, earlier, shared, ours, theirs):
    """Log probabilities, by CTranslate2, of what both sides chose where their tokens part in a window; timestamp rules not applied."""
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.tokenizer import Tokenizer

    model = STATE["model"]
    multilingual = model.model.is_multilingual
    tokenizer = Tokenizer(model.hf_tokenizer, multilingual, task="transcribe", language=options["language"])
    features = model.feature_extractor(samples_of(file))[..., :-1]
    encoded = model.encode(pad_or_trim(features[:, seek : seek + 3000]))
    without = bool(options.get("withoutTimestamps"))
    prompt = model.get_prompt(tokenizer, earlier, without_timestamps=without)

    def score(tokens):
        """Of each token in turn, behind the prompt and those before it."""
        found = []
        for index, token in enumerate(tokens[:12]):
            # The tokens before are a part of the prompt: forced, not chosen, a step each.
            before = [*shared, *tokens[:index]]
            result = model.model.generate(
                encoded,
                [[*prompt, *before]],
                max_length=len(prompt) + len(before) + 4,
                return_logits_vocab=True,
                suppress_blank=False,
                suppress_tokens=[],
                beam_size=1,
            )[0]
            logits = np.array(result.logits[0][len(before)]).astype(np.float64).ravel()
            logits -= logits.max()
            found.append(float(max(logits[token] - np.log(np.exp(logits).sum()), -1e9)))
        return found

    eot = tokenizer.eot
    return {
        "shared": tokenizer.decode_with_timestamps(shared[-12:]),
        "ours": tokenizer.decode_with_timestamps(ours[:12]),
        "theirs": tokenizer.decode_with_timestamps(theirs[:12]),
        "oursLogProbs": score([*ours, eot]),
        "theirsLogProbs": score([*theirs, eot]),
    }


def word_errors(pairs):
    """Substitutions, deletions and insertions behind OpenAI's own normalisation of texts."""
    import jiwer
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

    english, basic = EnglishTextNormalizer(), BasicTextNormalizer()
    counts = []
    for pair in pairs:
        normalise = english if pair["language"] == "en" else basic
        reference = " ".join(normalise(pair["reference"]).split())
        hypothesis = " ".join(normalise(pair["hypothesis"]).split())
        if not reference:
            counts.append({"errors": len(hypothesis.split()), "words": 0})
            continue
        found = jiwer.process_words(reference, hypothesis)
        counts.append(
            {
                "errors": found.substitutions + found.deletions + found.insertions,
                "words": found.substitutions + found.deletions + found.hits,
            }
        )
    return counts


def memory():
    with open("/proc/self/status") as status:
        text = status.read()
    of = lambda name: 1024 * int(re.search(rf"{name}:\s*(\d+) kB", text)[1])
    return {"peakBytes": of("VmHWM"), "residentBytes": of("VmRSS")}


answer_lines(
    {
        "load": load,
        "transcribe": transcribe,
        "transcribeEncoded": transcribe_encoded,
        "margin": margin,
        "wordErrors": word_errors,
        "memory": memory,
    }
)
