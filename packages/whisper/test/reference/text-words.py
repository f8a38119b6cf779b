"""Writes test/golden/text-words.json: when words are said, as faster-whisper's own functions have it, for drawn input.

Usage: python text-words.py
Needs faster-whisper==1.2.1. Tokenizer, model and attention are stand-ins. The way through the attention is written here after
OpenAI's timing.py and CTranslate2's `align`, whose softmax is over the used frames alone.
"""

import json
import math
import random
from pathlib import Path
from types import MethodType, SimpleNamespace

import numpy as np
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import WhisperModel, merge_punctuations

RNG = random.Random(1963)
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"


class ByteTokenizer(Tokenizer):
    """Tokens are bytes; special ones come after 255."""

    eot = 256
    timestamp_begin = 300
    sot_sequence = (257, 258, 261)
    language_code = "en"

    def __init__(self):
        pass

    def encode(self, text):
        return list(text.encode())

    def decode(self, tokens):
        return bytes(token for token in tokens if token < 256).decode(errors="replace")

    decode_with_timestamps = decode


TOKENIZER = ByteTokenizer()


def way(costs: np.ndarray) -> list:
    rows, columns = costs.shape
    sums = np.full((rows + 1, columns + 1), np.inf, dtype=np.float32)
    sums[0, 0] = 0
    trace = np.full((rows + 1, columns + 1), -1)
    for j in range(1, columns + 1):
        for i in range(1, rows + 1):
            c0, c1, c2 = sums[i - 1, j - 1], sums[i - 1, j], sums[i, j - 1]
            if c0 < c1 and c0 < c2:
                c, t = c0, 0
            elif c1 < c0 and c1 < c2:
                c, t = c1, 1
            else:
                c, t = c2, 2
            sums[i, j] = costs[i - 1, j - 1] + c
            trace[i, j] = t
    i, j = rows, columns
    trace[0, :], trace[:, 0] = 2, 1
    result = []
    while i > 0 or j > 0:
        result.append((i - 1, j - 1))
        i, j = (i - 1, j - 1) if trace[i, j] == 0 else (i - 1, j) if trace[i, j] == 1 else (i, j - 1)
    return result[::-1]


def median_filtered(rows: np.ndarray, width: int) -> np.ndarray:
    reach = width // 2
    if rows.shape[-1] <= reach:
        return rows
    padded = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(reach, reach)], mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=-1)
    return np.median(windows, axis=-1)


def attention_logit(head: int, token: int, frame: int, tokens: int, frames: int) -> float:
    """Highest where the frame is as far as the token, with waves over it. The test computes the same."""
    distance = token / tokens - frame / frames
    return -40 * distance * distance + math.sin(3.1 * head + 1.7 * token + 0.9 * frame + 0.013 * token * frame)


def align() -> list:
    cases = []
    for tokens, frames, used, heads in [(9, 60, 60, 1), (14, 90, 61, 3), (6, 40, 3, 2), (5, 30, 8, 2), (30, 200, 150, 6)]:
        logits = np.array([[[attention_logit(h, t, f, tokens, frames) for f in range(frames)]
                            for t in range(tokens)] for h in range(heads)])[..., :used]
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        weights = (weights - weights.mean(-2, keepdims=True)) / weights.std(-2, keepdims=True)
        matrix = median_filtered(weights, 7).mean(0)[3:-1]
        path = way(-matrix)
        cases.append(dict(tokens=tokens, frames=frames, used=used, heads=heads,
                          rows=[i for i, _ in path], columns=[j for _, j in path]))
    return cases


def filters() -> list:
    cases = []
    for columns, width in [(1, 3), (3, 7), (4, 7), (20, 7), (9, 3), (11, 9)]:
        rows = [[RNG.randint(-50, 50) for _ in range(columns)] for _ in range(3)]
        cases.append(dict(columns=columns, width=width, rows=rows,
                          filtered=median_filtered(np.array(rows), width).tolist()))
    return cases


def warping() -> list:
    cases = []
    for rows, columns in [(1, 1), (1, 5), (5, 1), (4, 4), (6, 20), (12, 9), (25, 60)]:
        # Few values, so that there are many ties.
        costs = [[RNG.randint(-3, 3) for _ in range(columns)] for _ in range(rows)]
        cases.append(dict(costs=costs, path=way(np.array(costs, dtype=np.float32))))
    return cases


WORDS = [" And", " so", " my", " fellow", " Americans", ",", ".", " ask", " (", " “", "what", "!", " Ü", "。", "?", ' "', '"', " -", "-"]


def drawn_text() -> str:
    return "".join(RNG.choice(WORDS) for _ in range(RNG.randint(1, 4)))


def drawn_path(length: int) -> tuple:
    """A way through rows 0 … length, one for each token and the end. Some windows are slow, some words far too long."""
    rows, columns, frame = [], [], RNG.choice([0, 0, 40])
    slow = RNG.choice([4, 4, 10, 60])
    for row in range(length + 1):
        for step in range(RNG.randint(1, 3)):
            rows.append(row)
            columns.append(frame)
            frame += RNG.choice([0, 1, 1, 2])
        frame += RNG.choice([70, 130, 200]) if RNG.random() < 0.08 else RNG.randint(0, slow)
    return rows, columns


def words_model(paths: list) -> SimpleNamespace:
    results = [
        SimpleNamespace(alignments=list(zip(rows, columns)), text_token_probs=probabilities)
        for rows, columns, probabilities in paths
    ]
    model = SimpleNamespace(
        model=SimpleNamespace(align=lambda *_, **__: results), tokens_per_second=50, frames_per_second=100
    )
    model.find_alignment = MethodType(WhisperModel.find_alignment, model)
    return model


def plain(words: list) -> list:
    return [[w["word"], float(w["start"]), float(w["end"]), float(w["probability"])] for w in words]


def timings() -> list:
    cases = []
    for _ in range(70):
        seek = RNG.choice([0, RNG.randint(0, 100_000)])
        offset = seek / 100
        segments, tokens, at = [], [], offset
        for _ in range(RNG.randint(1, 3)):
            text = TOKENIZER.encode(drawn_text())
            tokens += text
            start = at + RNG.uniform(0, 1)
            at = start + RNG.choice([0.02, 0.5, RNG.uniform(0, 6)])
            segments.append(dict(seek=seek, start=start, end=at, tokens=[300, *text, 320]))
        rows, columns = drawn_path(len(tokens))
        probabilities = [round(RNG.random(), 3) for _ in tokens]
        model = words_model([(rows, columns, probabilities)])
        alignment = model.find_alignment(TOKENIZER, [tokens], None, 3000)[0]
        last = RNG.choice([0.0, max(0.0, offset - RNG.uniform(0, 5)), offset + 1])
        given = [dict(s, tokens=list(s["tokens"])) for s in segments]
        spoken = WhisperModel.add_word_timestamps(model, [segments], TOKENIZER, None, 3000, PREPENDED, APPENDED, last)
        cases.append(dict(
            segments=given, rows=rows, columns=columns, probabilities=probabilities, last=last,
            alignment=plain(alignment),
            timed=[dict(start=float(s["start"]), end=float(s["end"]), words=plain(s["words"])) for s in segments],
            spoken=float(spoken),
        ))
    return cases


def merging() -> list:
    cases = []
    for _ in range(60):
        words = [RNG.choice(WORDS[:2] + WORDS[5:] + [" ", "", ".\"", "'.", "\"'", "so ", " \" "]) for _ in range(RNG.randint(0, 9))]
        alignment = [dict(word=w, tokens=[i]) for i, w in enumerate(words)]
        merge_punctuations(alignment, PREPENDED, APPENDED)
        cases.append(dict(words=words, merged=[a["word"] for a in alignment], tokens=[a["tokens"] for a in alignment]))
    return cases


def loop() -> list:
    """The whole loop over windows with `hallucination_silence_threshold`, on words that are drawn."""
    cases = []
    for _ in range(60):
        frames = RNG.randint(500, 9_000)
        threshold = RNG.choice([0.3, 1.0, 2.0])
        windows = []
        seeks = []

        def words_for(segments, last_speech, seek):
            window = []
            for segment in segments:
                words, at = [], segment["start"]
                strange = RNG.random() < 0.5
                for n in range(RNG.choice([0, 1, 2, 3, 9])):
                    start = at + RNG.choice([0, 0, 0.1, 1.2])
                    at = start + (RNG.choice([0.02, 0.05, 3.5]) if strange else RNG.uniform(0.15, 0.6))
                    words.append(dict(word=RNG.choice([" a", " b", ".", ","]), start=round(start, 2), end=round(at, 2),
                                      probability=RNG.choice([0.05, 0.9]) if strange else 0.9))
                segment["words"] = words
                if words:
                    segment["start"], segment["end"] = words[0]["start"], words[-1]["end"]
                window.append(dict(start=segment["start"], end=segment["end"], words=plain(words)))
            windows.append(window)

        def add_words(segments, tokenizer, encoder_output, num_frames, prepended, appended, last_speech_timestamp):
            words_for(segments[0], last_speech_timestamp, seeks[-1])

        def generate(*_):
            tokens, time = [], 0
            for _ in range(RNG.randint(1, 4)):
                time = min(1400, time + RNG.randint(0, 200))
                tokens += [300 + time, 97]
                time = min(1450, time + RNG.randint(1, 300))
                tokens += [300 + time]
            if RNG.random() < 0.5:
                tokens.append(tokens[-1])
            generated.append(tokens)
            return SimpleNamespace(no_speech_prob=0.0, sequences_ids=[tokens]), -0.1, 0.0, 1.0

        generated = []
        extractor = SimpleNamespace(time_per_frame=0.01, nb_max_frames=3000)
        model = SimpleNamespace(
            feature_extractor=extractor, frames_per_second=100, time_precision=0.02, input_stride=2,
            logger=SimpleNamespace(isEnabledFor=lambda *_: False, debug=lambda *_: None),
            encode=lambda segment: seeks.append(int(segment[0, 0])), get_prompt=lambda *_, **__: [],
            generate_with_fallback=generate, add_word_timestamps=add_words,
        )
        model._split_segments_by_timestamps = MethodType(WhisperModel._split_segments_by_timestamps, model)
        options = SimpleNamespace(
            clip_timestamps="0", initial_prompt=None, multilingual=False, without_timestamps=False, prefix=None,
            hotwords=None, no_speech_threshold=0.6, log_prob_threshold=-1.0, word_timestamps=True,
            prepend_punctuations=PREPENDED, append_punctuations=APPENDED, condition_on_previous_text=True,
            hallucination_silence_threshold=threshold, prompt_reset_on_temperature=0.5,
        )
        features = np.tile(np.arange(frames + 1), (2, 1))
        found = []
        for segment in WhisperModel.generate_segments(model, features, TOKENIZER, options, False):
            found.append([segment.seek, float(segment.start), float(segment.end)])
            if len(seeks) > 60:
                break
        if len(seeks) > 60:
            continue
        cases.append(dict(frames=frames, threshold=threshold, generated=generated, windows=windows, seeks=seeks, found=found))
    return cases[:14]


def main() -> None:
    golden = {f.__name__: f() for f in (filters, warping, align, merging, timings, loop)}
    target = Path(__file__).parent.parent / "golden" / "text-words.json"
    target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print({name: len(cases) for name, cases in golden.items()})


main()
