"""Writes test/golden/text-tokenizer.json: what faster-whisper's tokenizer says of real model folders.

Usage: python text-tokenizer.py FOLDER_OF_MODELS (with base/ and tiny.en/ in it, each with a tokenizer.json).
Needs faster-whisper==1.2.1.
"""

import json
import random
import sys
from pathlib import Path

import tokenizers
from faster_whisper.tokenizer import Tokenizer

TEXTS = [
    " And so my fellow Americans, ask not what your country can do for you.",
    "I'll say: it's 1,234.56 €, isn't it?",
    "  two  spaces\n\nand\tlines \r\n end  ",
    "\u00a0no-break\u2003em\u0085next\ufeffmark\u200bzero",
    "Ünïcödé Straße ÇA ἀρχή Привет мир עברית العربية हिन्दी ไทย",
    "日本語のテキスト、中国话。한국어",
    "👩‍👩‍👧 emoji 🇬🇧 e\u0301 ﬁ ½ ² Ⅷ ٣",
    "don'T DON'T 'S 's''s",
    "♪♪♪ [Music] (LAUGHS) -- « » “quotes”",
    "supercalifragilisticexpialidocious" * 3,
    "a" * 300,
    "",
]
TOKENS = {
    "base": [
        [8404, 871, 287, 6, 246, 526, 3210, 20378],
        [50364, 400, 370, 452, 50392, 50257, 50258, 50363, 51864],
        [6, 246],
        [220, 220, 50256, 11, 13, 0],
    ],
    "tiny.en": [[50256, 50257, 50363, 843, 523, 616, 50391], [172, 98, 170, 222], [198, 197, 220]],
}


def random_text(rng: random.Random) -> str:
    blocks = [(0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x52F), (0x900, 0x97F), (0x3040, 0x30FF),
              (0x4E00, 0x4FFF), (0x2000, 0x206F), (0x1F300, 0x1F64F), (0x9, 0xD)]
    return "".join(
        chr(rng.randint(*rng.choice(blocks))) for _ in range(rng.randint(1, 40))
    )


def describe(folder: Path) -> dict:
    hugging_face = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    multilingual = not folder.name.endswith(".en")
    rng = random.Random(1961)
    texts = TEXTS + [random_text(rng) for _ in range(24)]
    tokenizer = Tokenizer(hugging_face, multilingual, "transcribe", "en")
    broken = TOKENS[folder.name] + [
        [rng.randrange(tokenizer.eot) for _ in range(12)] for _ in range(10)
    ]
    split = []
    for language in ("en", "ja"):
        spoken = Tokenizer(hugging_face, multilingual, "transcribe", language)
        spoken.language_code = language
        for tokens in broken + [tokenizer.encode(text) + [tokenizer.eot] for text in texts[:20]]:
            words, word_tokens = spoken.split_to_word_tokens(tokens)
            split.append(
                {"language": language, "input": tokens, "words": words, "lengths": [len(t) for t in word_tokens]}
            )
    return {
        "specials": {
            "eot": tokenizer.eot,
            "sot": tokenizer.sot,
            "translate": tokenizer.translate,
            "transcribe": tokenizer.transcribe,
            "startOfLm": tokenizer.sot_lm,
            "startOfPrev": tokenizer.sot_prev,
            "noSpeech": tokenizer.no_speech,
            "noTimestamps": tokenizer.no_timestamps,
            "timestampBegin": tokenizer.timestamp_begin,
        },
        "nonSpeechTokens": tokenizer.non_speech_tokens,
        "sotSequence": tokenizer.sot_sequence,
        "encoded": [{"text": text, "tokens": tokenizer.encode(text)} for text in texts],
        "decoded": [
            {
                "tokens": tokens,
                "text": tokenizer.decode(tokens),
                "timed": tokenizer.decode_with_timestamps(tokens),
            }
            for tokens in broken
        ],
        "split": split,
    }


def main() -> None:
    models = Path(sys.argv[1])
    golden = {name: describe(models / name) for name in ("base", "tiny.en")}
    target = Path(__file__).parent.parent / "golden" / "text-tokenizer.json"
    target.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
