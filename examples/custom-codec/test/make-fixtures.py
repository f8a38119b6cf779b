"""Makes fixtures/*.qoa and what they must decode to (fixtures/*.s16: interleaved little-endian 16-bit samples).

    pip install numpy soundfile
    python3 examples/custom-codec/test/make-fixtures.py

An encoder after the specification (https://qoaformat.org/qoa-specification.pdf). While encoding it keeps track of what a
decoder will reconstruct; those samples are the expected ones, and no decoder takes part in making them.
"""

import pathlib
import struct

import numpy as np
import soundfile as sf

HERE = pathlib.Path(__file__).parent
FIXTURES = HERE / "fixtures"
SLICE, FRAME = 20, 20 * 256

# The specification's tables: scale factors round((s + 1) ^ 2.75), and 8 residuals for each, halves rounded away from zero.
SCALE = [round((s + 1) ** 2.75) for s in range(16)]
RESIDUALS = [0.75, -0.75, 2.5, -2.5, 4.5, -4.5, 7.0, -7.0]
DEQUANT = [[int(np.sign(q) * np.floor(abs(scale * q) + 0.5)) for q in RESIDUALS] for scale in SCALE]
QUANT = [7, 7, 7, 5, 5, 3, 3, 1, 0, 0, 2, 2, 4, 4, 6, 6, 6]


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def divide(value: int, scale: int) -> int:
    """value / scale rounded to the nearest, but never to zero unless value is zero, as the reference encoder does."""
    if value == 0:
        return 0
    nearest = max(1, (2 * abs(value) + scale) // (2 * scale))
    return nearest if value > 0 else -nearest


class Lms:
    def __init__(self) -> None:
        self.history, self.weights = [0, 0, 0, 0], [0, 0, -(1 << 13), 1 << 14]

    def copy(self) -> "Lms":
        other = Lms()
        other.history, other.weights = self.history[:], self.weights[:]
        return other

    def predict(self) -> int:
        return sum(h * w for h, w in zip(self.history, self.weights)) >> 13

    def update(self, sample: int, residual: int) -> None:
        delta = residual >> 4
        self.weights = [w + (-delta if h < 0 else delta) for w, h in zip(self.weights, self.history)]
        self.history = self.history[1:] + [sample]


def encode_slice(samples: list[int], start: Lms, scales: list[int]):
    """The best of 16 scale factors: (64-bit word, reconstruction, predictor afterwards, factor)."""
    best = None
    for factor in scales:
        lms, word, error, rebuilt = start.copy(), factor, 0, []
        for sample in samples:
            predicted = lms.predict()
            scaled = clamp(divide(sample - predicted, SCALE[factor]), -8, 8)
            code = QUANT[scaled + 8]
            residual = DEQUANT[factor][code]
            value = clamp(predicted + residual, -32768, 32767)
            penalty = max(0, (sum(w * w for w in lms.weights) >> 18) - 0x8FF)
            error += (sample - value) ** 2 + penalty**2
            lms.update(value, residual)
            word = (word << 3) | code
            rebuilt.append(value)
            if best is not None and error >= best[0]:
                break
        else:
            best = (error, word << (3 * (SLICE - len(samples))), rebuilt, lms, factor)
    return best[1:]


def encode(pcm: np.ndarray, rate: int, streaming: bool = False) -> tuple[bytes, np.ndarray]:
    """(file, reconstruction) of int16 samples shaped (frames, channels)."""
    length, channels = pcm.shape
    out = [b"qoaf", struct.pack(">I", 0 if streaming else length)]
    rebuilt = np.zeros_like(pcm)
    states, factors = [Lms() for _ in range(channels)], [0] * channels
    for begin in range(0, length, FRAME):
        frames = min(FRAME, length - begin)
        slices = -(-frames // SLICE)
        size = 8 + 16 * channels + 8 * slices * channels
        out.append(bytes([channels]) + rate.to_bytes(3, "big") + struct.pack(">HH", frames, size))
        for lms in states:
            if sum(w * w for w in lms.weights) > 0x2FFFFFFF:
                lms.weights = [0, 0, 0, 0]
            out.append(struct.pack(">4h4h", *lms.history, *lms.weights))
        for first in range(begin, begin + frames, SLICE):
            last = min(first + SLICE, begin + frames)
            for c in range(channels):
                scales = [(factors[c] + i) % 16 for i in range(16)]
                samples = [int(v) for v in pcm[first:last, c]]
                word, values, states[c], factors[c] = encode_slice(samples, states[c], scales)
                out.append(struct.pack(">Q", word))
                rebuilt[first:last, c] = values
    return b"".join(out), rebuilt


def write(name: str, pcm: np.ndarray, rate: int, streaming: bool = False) -> None:
    data, rebuilt = encode(pcm, rate, streaming)
    (FIXTURES / f"{name}.qoa").write_bytes(data)
    (FIXTURES / f"{name}.s16").write_bytes(rebuilt.astype("<i2").tobytes())
    noise = (pcm.astype(float) - rebuilt).std()
    print(f"{name}: {len(data)} bytes, {20 * np.log10(pcm.std() / noise):.1f} dB")


def main() -> None:
    FIXTURES.mkdir(exist_ok=True)
    speech, rate = sf.read(HERE / "../../../fixtures/jfk.flac", dtype="int16", always_2d=True)
    # 12,345 frames: two whole QOA frames, a shorter third, and a last slice that is not full.
    write("speech", speech[20_000:32_345, :1], rate)

    rng = np.random.default_rng(7)
    t = np.arange(6_000) / 22_050
    left = 0.5 * np.sin(2 * np.pi * 330 * t) + 0.02 * rng.standard_normal(len(t))
    right = np.sign(np.sin(2 * np.pi * 55 * t)) * 0.999
    stereo = np.clip(np.stack([left, right], axis=1) * 32768, -32768, 32767).astype(np.int16)
    write("stereo", stereo, 22_050)
    write("streaming", stereo[:300], 22_050, streaming=True)


main()
