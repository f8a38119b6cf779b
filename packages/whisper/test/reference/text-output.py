"""Writes test/golden/text-output.json: what OpenAI's writers make of drawn results.

Usage: pip download --no-deps --no-binary :all: openai-whisper==20250625 && python text-output.py openai_whisper-20250625.tar.gz
Only its whisper/utils.py is run, which needs nothing else.
"""

import io
import json
import random
import sys
import tarfile
import types
from pathlib import Path

RNG = random.Random(1965)
WORDS = [" And", " so", " my", " fellow", " Americans,", " ask", " not.", " Ünïcödé", "日本", "語", " 😀😀", "-like", " a", " I'm"]


def writers(path: str) -> types.ModuleType:
    with tarfile.open(path) as archive:
        member = next(m for m in archive if m.name.endswith("whisper/utils.py"))
        source = archive.extractfile(member).read().decode()
    module = types.ModuleType("utils")
    exec(source, module.__dict__)
    return module


def result(with_words: bool) -> dict:
    segments, at = [], RNG.choice([0.0, 0.0, 3590.0, 86_395.0])
    for number in range(RNG.randint(0, 5)):
        start = at + RNG.choice([0, 0.5, 4.0005])
        at, words = start, []
        for _ in range(RNG.choice([0, 1, 3, 12])):
            begin = at + RNG.choice([0, 0, 0.12, 3.2])
            at = begin + RNG.choice([0.2, 0.3335, 0.0])
            words.append(dict(word=RNG.choice(WORDS), start=round(begin, 4), end=round(at, 4), probability=0.5))
        text = "".join(w["word"] for w in words) or RNG.choice(["", "  tab\there  ", " a --> b"])
        segment = dict(id=number, seek=number * 3000, start=round(start, 4), end=round(at + 0.0015, 4), text=text,
                       tokens=[1, 2], temperature=0.0, avg_logprob=-0.5, compression_ratio=1.5, no_speech_prob=0.1)
        if with_words:
            segment["words"] = words
        segments.append(segment)
    return dict(text="".join(s["text"] for s in segments), segments=segments, language="en")


def main() -> None:
    utils = writers(sys.argv[1])
    cases = []
    for number in range(40):
        given = result(number % 3 > 0)
        options = {}
        if number % 3 > 0 and RNG.random() < 0.7:
            options["max_line_width"] = RNG.choice([1, 8, 12, 20, 42])
            if RNG.random() < 0.6:
                options["max_line_count"] = RNG.choice([1, 2, 3])
        if number % 3 > 0 and RNG.random() < 0.3:
            options["highlight_words"] = True
        written = {}
        for name in ("srt", "vtt", "tsv", "txt", "json"):
            file = io.StringIO()
            utils.get_writer(name, ".").write_result(json.loads(json.dumps(given)), file=file, options=options)
            written[name] = json.loads(file.getvalue()) if name == "json" else file.getvalue()
        del written["json"]  # It is the result itself.
        cases.append(dict(result=given, options=options, written=written))
    times = [0, 0.0005, 0.0015, 1.9995, 59.9995, 59.99949, 3599.9996, 3600, 86_399.9999, 360_000.25]
    times += [round(RNG.uniform(0, 10_000), RNG.randint(2, 6)) for _ in range(20)]
    formatted = [
        [t, utils.format_timestamp(t), utils.format_timestamp(t, always_include_hours=True, decimal_marker=",")]
        for t in times
    ]
    target = Path(__file__).parent.parent / "golden" / "text-output.json"
    target.write_text(json.dumps(dict(cases=cases, times=formatted), separators=(",", ":")) + "\n")


main()
