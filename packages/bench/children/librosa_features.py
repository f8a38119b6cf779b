"""MFCC of a folder of files in a loop: `librosa_features.py INPUT OUTPUT COEFFICIENTS PROCESSES`. Prints milliseconds, without imports."""

import sys
import time
from multiprocessing import get_context
from pathlib import Path

import librosa
import numpy as np

SOURCE, TARGET = Path(sys.argv[1]), Path(sys.argv[2])
COEFFICIENTS, PROCESSES = int(sys.argv[3]), int(sys.argv[4])


def compute(path):
    samples, rate = librosa.load(path)
    return librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=COEFFICIENTS)


def work(paths):
    for path in paths:
        target = TARGET / path.relative_to(SOURCE).with_suffix(".npy")
        target.parent.mkdir(parents=True, exist_ok=True)
        np.save(target, compute(path))


if __name__ == "__main__":
    paths = sorted(SOURCE.rglob("*.mp3"))
    if PROCESSES == 1:
        compute(paths[0])
        start = time.perf_counter()
        work(paths)
    else:
        # Forked before anything is warm: threads do not outlive a fork.
        with get_context("spawn").Pool(PROCESSES) as pool:
            pool.map(compute, paths[:PROCESSES], chunksize=1)
            start = time.perf_counter()
            pool.map(work, [paths[n::PROCESSES] for n in range(PROCESSES)], chunksize=1)
            print((time.perf_counter() - start) * 1000)
            sys.exit()
    print((time.perf_counter() - start) * 1000)
