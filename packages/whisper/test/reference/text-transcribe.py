"""Writes test/golden/text-transcribe.json: what faster-whisper's own functions give for drawn input.

Usage: python text-transcribe.py
Needs faster-whisper==1.2.1. No model is needed: tokenizer and model are stand-ins, the functions are the real ones.
"""

import json
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from faster_whisper.transcribe import (
    Segment,
    WhisperModel,
    Word,
    get_compression_ratio,
    get_suppressed_tokens,
    restore_speech_timestamps,
)
from faster_whisper.vad import SpeechTimestampsMap, collect_chunks

RNG = random.Random(1961)
TIMESTAMP_BEGIN = 300

MODEL = SimpleNamespace(
    max_length=448,
    time_precision=0.02,
    input_stride=2,
    frames_per_second=100,
    tokens_per_second=50,
    logger=SimpleNamespace(debug=lambda *_: None),
)
# Encodes each byte as its value; special tokens come after 255.
TOKENIZER = SimpleNamespace(
    encode=lambda text: list(text.encode()),
    decode=lambda tokens: bytes(token for token in tokens if token < 256).decode(errors="replace"),
    eot=256,
    sot=257,
    sot_sequence=[257, 258, 261],
    translate=260,
    transcribe=261,
    sot_lm=262,
    sot_prev=263,
    no_speech=264,
    no_timestamps=299,
    timestamp_begin=TIMESTAMP_BEGIN,
    non_speech_tokens=(2, 5, 40, 91),
)


def words_of(count: int) -> str:
    vocabulary = ["a", "the", "speech", "of", "Ünïcödé", "日本語", "repeat", "again", ",", ".", "42"]
    return " ".join(RNG.choice(vocabulary) for _ in range(count))


def compression() -> list:
    texts = ["", "a", "a" * 500, "la la la " * 40, "日本" * 60]
    texts += [words_of(RNG.randint(1, 80)) for _ in range(50)]
    return [{"text": text, "ratio": get_compression_ratio(text)} for text in texts]


def split() -> list:
    cases = []
    fixed = [[], [300], [300, 350], [5, 350], [300, 5, 350], [300, 5], [5, 6], [300, 5, 340, 340, 6, 380],
             [300, 5, 340, 340, 6, 380, 380], [300, 5, 340, 340, 6], [310, 310, 310], [300, 1, 2, 300]]
    for number in range(50):
        tokens = []
        if number < len(fixed):
            tokens = fixed[number]
        else:
            time = 0
            for _ in range(RNG.randint(1, 12)):
                if RNG.random() < 0.5:
                    time = min(1500, time + RNG.randint(0, 300))
                    tokens += [TIMESTAMP_BEGIN + time] * RNG.randint(1, 2)
                else:
                    tokens += [RNG.randrange(256) for _ in range(RNG.randint(1, 4))]
        seek = RNG.randint(0, 200_000)
        size = RNG.randint(1, 3000)
        given = dict(time_offset=seek * 0.01, segment_size=size, segment_duration=size * 0.01, seek=seek)
        segments, new_seek, single = WhisperModel._split_segments_by_timestamps(
            MODEL, tokenizer=TOKENIZER, tokens=tokens, **given
        )
        cases.append(dict(given, tokens=tokens, segments=segments, new_seek=new_seek, single=single))
    return cases


def prompts() -> list:
    cases = []
    texts = [None, "", "word", "  spaced out \u00a0", "x" * 222, "y" * 223, "z" * 300]
    for prefix in texts:
        for hotwords in texts:
            for previous in ([], [7, 8], list(range(223)), list(range(250))):
                without = RNG.random() < 0.5
                prompt = WhisperModel.get_prompt(
                    MODEL, TOKENIZER, previous, without_timestamps=without, prefix=prefix, hotwords=hotwords
                )
                cases.append(dict(prefix=prefix, hotwords=hotwords, previous=len(previous), without=without,
                                  first=previous[:1], prompt=prompt))
    return RNG.sample(cases, 24)


def suppressed() -> list:
    lists = [[-1], [-1, 5, 6, 6], [100, 3], [], [261, 40, -1]]
    return [
        {"given": given, "tokens": get_suppressed_tokens(TOKENIZER, list(given))} for given in lists
    ]


def fallback() -> list:
    cases = []
    for _ in range(80):
        temperatures = [0, 0.2, 0.4][: RNG.randint(1, 3)]
        outcomes = [
            dict(score=RNG.choice([-2.5, -1.2, -1.0, -0.9, -0.3, RNG.uniform(-2, 0)]),
                 silent=RNG.choice([0.1, 0.6, 0.61, 0.95]),
                 text=RNG.choice(["fine words here", "ab" * 60, "la " * 30, "a" * 40]))
            for _ in temperatures
        ]
        thresholds = [RNG.choice([2.4, 2.4, None]), RNG.choice([-1.0, -1.0, None]), RNG.choice([0.6, 0.6, None])]
        results = iter(
            SimpleNamespace(sequences_ids=[list(o["text"].encode())], scores=[o["score"]], no_speech_prob=o["silent"])
            for o in outcomes
        )
        asked = []

        def generate(*_, **kwargs):
            asked.append(1)
            return [next(results)]

        model = SimpleNamespace(**vars(MODEL), model=SimpleNamespace(generate=generate))
        options = SimpleNamespace(
            temperatures=temperatures, compression_ratio_threshold=thresholds[0], log_prob_threshold=thresholds[1],
            no_speech_threshold=thresholds[2], max_initial_timestamp=1.0, max_new_tokens=None, beam_size=1, patience=1,
            best_of=1, length_penalty=1, repetition_penalty=1, no_repeat_ngram_size=0, suppress_blank=True,
            suppress_tokens=[],
        )
        result, logprob, temperature, ratio = WhisperModel.generate_with_fallback(
            model, None, [], TOKENIZER, options
        )
        cases.append(dict(
            temperatures=temperatures,
            thresholds=thresholds,
            outcomes=[
                dict(avgLogprob=o["score"] * len(o["text"]) / (len(o["text"]) + 1), noSpeechProb=o["silent"],
                     compressionRatio=get_compression_ratio(o["text"].strip()))
                for o in outcomes
            ],
            asked=len(asked),
            chosen=dict(avgLogprob=logprob, temperature=temperature, compressionRatio=ratio,
                        noSpeechProb=result.no_speech_prob),
        ))
    return cases


def spans(count: int) -> list:
    at = 0
    found = []
    for _ in range(count):
        start = at + RNG.randint(0, 60_000)
        at = start + RNG.randint(1, 160_000)
        found.append({"start": start, "end": at})
    return found


def restore() -> list:
    cases = []
    for _ in range(8):
        speech = spans(RNG.randint(1, 6))
        total = sum(span["end"] - span["start"] for span in speech) / 16000
        ends = np.cumsum([span["end"] - span["start"] for span in speech]) / 16000
        mapped = SpeechTimestampsMap(speech, 16000)
        near = [(round(float(end) * 16000) - 0.3) / 16000 for end in ends]
        times = [0.0, total, total + 1, *map(float, ends), *near] + [RNG.uniform(0, total) for _ in range(5)]
        segments = []
        for _ in range(4):
            start = RNG.uniform(0, total)
            end = RNG.choice([start + RNG.uniform(0, 3), float(RNG.choice(list(ends)))])
            words = None
            if RNG.random() < 0.5:
                start = RNG.choice([start, max(0.0, float(ends[0]) - 0.1), max(0.0, float(ends[0]) - 0.2)])
                words = [Word(start + i * 0.31, start + (i + 1) * 0.31, f" w{i}", 0.5) for i in range(RNG.randint(0, 4))]
            segment = Segment(0, 0, start, end, "", [], 0, 0, 0, words, 0)
            given = dict(start=start, end=end, words=words and [[w.start, w.end] for w in words])
            if words == []:
                given["words"] = []
            list(restore_speech_timestamps([segment], speech, 16000))
            segments.append(dict(
                given=given, start=segment.start, end=segment.end,
                words=segment.words and [[w.start, w.end] for w in segment.words],
            ))
        cases.append(dict(
            speech=speech,
            times=[dict(time=t, start=mapped.get_original_time(t), end=mapped.get_original_time(t, is_end=True))
                   for t in times],
            segments=segments,
        ))
    return cases


def chunks() -> list:
    cases = []
    for number in range(20):
        # No stretch is longer than a chunk: there faster-whisper's first chunk is empty.
        speech = spans(RNG.randint(1, 9))
        longest = RNG.choice([10, 12, 30, 1000])
        if number == 0:
            # Just fits.
            speech, longest = [dict(start=0, end=80_000), dict(start=100_000, end=180_000)], 10
        audio, metadata = collect_chunks(np.arange(2_000_000), speech, max_duration=longest)
        cases.append(dict(
            speech=speech,
            longest=longest,
            chunks=[
                dict(offset=m["offset"], duration=m["duration"], length=len(a),
                     ends=[int(a[0]), int(a[-1])], sum=int(a.sum()))
                for a, m in zip(audio, metadata)
            ],
        ))
    return cases


def rounding() -> dict:
    values = [2.675, 1.115, 0.125, 0.375, 0.5, 1.5, 2.5, -0.125, -2.5, 1e-9, 123456.785, 0.285, 1.005, 64.5]
    values += [RNG.uniform(0, 4000) for _ in range(60)] + [n / 200 for n in range(1, 400, 7)]
    values += [n / 16 for n in range(-40, 60)]
    return {"values": values, "whole": [round(v) for v in values], "two": [round(v, 2) for v in values],
            "three": [round(v, 3) for v in values]}


def main() -> None:
    golden = {f.__name__: f() for f in (compression, split, prompts, suppressed, fallback, restore, chunks, rounding)}
    target = Path(__file__).parent.parent / "golden" / "text-transcribe.json"
    target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
