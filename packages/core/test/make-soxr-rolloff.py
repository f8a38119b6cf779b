"""Makes ../src/dsp/soxr-rolloff-table.ts: how soxr HQ, the resampler that librosa uses, rolls off below its band's end.

Run: pip install numpy==2.* soxr==1.* && python3 make-soxr-rolloff.py

Its response to an impulse is measured for every pair of the usual rates. Where it is not flat up to 0.9 of the lower Nyquist frequency (by
up to 0.008 dB, for rates of no small ratio), a symmetric filter of 2 × TAPS + 1 numbers at the output rate is fitted to it by least squares.
"""

from math import gcd
from pathlib import Path

import numpy as np
import soxr

RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000]
TAPS = 12
#: Share of the lower Nyquist frequency up to which the response is taken over; from 0.913 on soxr's band ends.
BAND = 0.91
#: Of what lies beyond, up to the output's Nyquist frequency: it need only stay about 1.
WEIGHT_BEYOND = 1e-3
#: Responses that are flatter are left alone, which is about 1e-6.
FLAT = 1e-5


def response(source, target, shares):
    """Of the band of the lower rate, at these shares of its Nyquist frequency; 1 at 0 Hz."""
    step = source // gcd(source, target)
    place = (1 << 14) // step * step
    impulse = np.zeros(2 * place)
    impulse[place] = 1
    output = soxr.resample(impulse, source, target, quality="HQ")
    middle = place * target // source
    reach = min(middle, len(output) - 1 - middle)
    taps = output[middle - reach : middle + reach + 1]
    times = np.arange(-reach, reach + 1) / target
    values = np.array([(taps * np.cos(np.pi * share * min(source, target) * times)).sum() for share in shares])
    return values / values[0]


def fit(source, target):
    """TAPS numbers c for y[n] + Σ c[k] (y[n − k] − 2 y[n] + y[n + k]); none where the response is flat."""
    inside = np.linspace(0, BAND, 92)
    measured = response(source, target, inside) - 1
    if np.abs(measured[:91]).max() < FLAT:
        return None
    lower = min(source, target) / target
    beyond = np.linspace(BAND * lower, 1, 40)
    shares = np.concatenate([inside * lower, beyond])
    weights = np.concatenate([np.ones(92), np.full(40, WEIGHT_BEYOND)])
    wanted = np.concatenate([measured, np.full(40, measured[-1])])
    basis = np.array([[2 * np.cos(np.pi * k * share) - 2 for k in range(1, TAPS + 1)] for share in shares])
    found, *_ = np.linalg.lstsq(basis * weights[:, None], wanted * weights, rcond=None)
    errors = np.abs(basis @ found - wanted)
    print(source, target, f"droop {20 * np.log10(1 + measured[90]):.4f} dB, left {errors[:91].max():.1e}, beyond {errors[92:].max():.1e}")
    return tuple(float(f"{number:.4g}") for number in found)


shapes, pairs = [], []
for source in RATES:
    for target in RATES:
        taps = fit(source, target) if source != target else None
        if taps is None:
            continue
        near = [at for at, shape in enumerate(shapes) if np.abs(np.subtract(shape, taps)).max() < 2e-6]
        if not near:
            shapes.append(taps)
        pairs.append(f"  '{source}/{target}': {near[0] if near else len(shapes) - 1},")

lines = [
    "// Made by test/make-soxr-rolloff.py; do not edit.",
    "",
    "/** Numbers c of y[n] + Σ c[k] (y[n − k] − 2 y[n] + y[n + k]), k from 1 on. */",
    "export const ROLLOFF_SHAPES: readonly (readonly number[])[] = [",
    *(f"  [{', '.join(map(repr, shape))}]," for shape in shapes),
    "]",
    "",
    "/** Which of them belongs to a pair of rates. */",
    "export const ROLLOFF_PAIRS: Readonly<Record<string, number>> = {",
    *pairs,
    "}",
    "",
]
path = Path(__file__).parent.parent / "src" / "dsp" / "soxr-rolloff-table.ts"
path.write_text("\n".join(lines))
