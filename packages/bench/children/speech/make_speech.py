"""Makes the corpus: `make_speech.py FOLDER KOKORO_VOICES RECORDINGS`.

Every sentence of texts/ is read three times, in another order each time and so by other voices under other conditions, and some
recordings of people are added. A file holds a minute or so of one language under one condition. FOLDER gets 16 kHz float32 samples (NAME.f32) and corpus.json: what is said, by whom, how.
The plan is seeded. Neural voices draw random numbers of their own, so that another machine's samples are not the same bit for bit.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np

from speech_conditions import CONDITIONS, RATE
from speech_voices import KOKORO, VOICES, resampled, say

HERE = Path(__file__).resolve().parent
SEED = 6
# Files are filled up to this.
SECONDS = 42
# Half an hour each.
VOLUMES = ["first", "second"]
READINGS = 3
# About a third of the files of the first volume's first reading, of every condition and language: at least ten minutes. All that is timed,
# and compared token by token, is of them.
VARIED_EVERY = 3


def sentences(volume, language):
    return (HERE / f"texts/{volume}/{language}.txt").read_text("utf-8").split("\n")[:-1]


def pause(random, condition):
    seconds = random.uniform(5, 9) if condition == "long silences" else random.uniform(0.25, 0.9)
    return np.zeros(int(seconds * RATE), np.float32)


def fill(lines, voices, condition, random, cache):
    """As many sentences as a file takes, one voice or two in turn."""
    speakers = [voices.pop(0) for _ in range(2 if condition == "two speakers" else 1)]
    voices.extend(speakers)
    parts, said = [pause(random, "")], []
    while lines and sum(part.size for part in parts) < SECONDS * RATE:
        voice = speakers[len(said) % len(speakers)]
        text = lines.pop(0)
        parts += [say(voice, text, cache), pause(random, condition)]
        said.append({"voice": voice, "text": text})
    return np.concatenate(parts), said


def recordings(folder, jfk):
    """People: LibriVox's Sense and Sensibility (of pocketsphinx's tests) and John F. Kennedy."""
    parts, said = [], []
    for line in (folder / "librivox/transcription").read_text().splitlines():
        text, _, name = line.replace("<s>", "").replace("</s>", "").rpartition("(")
        parts += [resampled(str(folder / f"librivox/{name.rstrip(')')}.wav")), np.zeros(RATE // 2, np.float32)]
        # The transcription has a slip of the tongue as it was spoken.
        said.append({"voice": "LibriVox", "text": text.strip()})
    parts.append(resampled(jfk))
    text = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
    said.append({"voice": "John F. Kennedy", "text": text})
    parts = [part if not part.any() else part * (0.1 / np.sqrt(np.mean(part**2))) for part in parts]
    return np.concatenate(parts), said


def write(folder, files, entry, samples):
    samples = np.clip(samples, -1, 1).astype(np.float32)
    samples.tofile(folder / f"{entry['name']}.f32")
    files.append({**entry, "seconds": samples.size / RATE, "text": " ".join(one["text"] for one in entry["said"])})
    print(f"{entry['name']}: {samples.size / RATE:.1f} s, {entry['condition']}", file=sys.stderr)


def main(folder, voices_of_kokoro, recorded, jfk):
    KOKORO["voices"] = voices_of_kokoro
    cache = folder / "sentences"
    cache.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    conditions = list(CONDITIONS)
    files = []
    for reading, volume, language in itertools.product(range(READINGS), VOLUMES, VOICES):
        lines, voices = sentences(volume, language), list(VOICES[language])
        if reading > 0:
            random.shuffle(lines)
        while lines:
            condition = conditions[len(files) % len(conditions)]
            clean, said = fill(lines, voices, condition, random, cache)
            name = f"{language}-{sum(file['language'] == language for file in files) + 1:02}"
            entry = {"name": name, "language": language, "condition": condition, "said": said}
            entry["varied"] = reading == 0 and volume == VOLUMES[0] and len(files) % VARIED_EVERY == 0
            write(folder, files, entry, CONDITIONS[condition](clean, random))
    samples, said = recordings(recorded, jfk)
    entry = {"name": "en-people", "language": "en", "condition": "recordings", "said": said, "varied": True}
    write(folder, files, entry, samples)
    (folder / "corpus.json").write_text(json.dumps({"rate": RATE, "files": files}, indent=1, ensure_ascii=False))


main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])
