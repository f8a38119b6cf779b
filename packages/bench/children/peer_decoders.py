"""The peers at their best settings. Every function allocates new output and gives (float32 samples, frames first, rate)."""

import numpy as np


def soundfile(file):
    import soundfile as sf

    return sf.read(file, dtype="float32", always_2d=True)


def librosa(file, sr=None, mono=False, offset=0.0, duration=None):
    import librosa as lib

    samples, rate = lib.load(file, sr=sr, mono=mono, offset=offset, duration=duration)
    return np.atleast_2d(samples).T, rate


def pyav(file):
    """FFmpeg as a library, one thread; frames are copied once, into an array of the container's length."""
    import av

    with av.open(file) as container:
        stream = container.streams.audio[0]
        stream.thread_count = 1
        rate = stream.codec_context.sample_rate
        channels = stream.codec_context.channels
        seconds = (container.duration or 0) / 1_000_000
        samples = np.empty((channels, int(seconds * rate) + rate), np.float32)
        filled = 0
        for frame in container.decode(stream):
            block = frame.to_ndarray()
            if not frame.format.is_planar:
                block = block.reshape(-1, channels).T
            end = filled + block.shape[1]
            if end > samples.shape[1]:
                samples = np.concatenate([samples, np.empty_like(samples)], axis=1)
            if block.dtype == np.float32:
                samples[:, filled:end] = block
            else:
                np.multiply(block, np.float32(1.0 / -float(np.iinfo(block.dtype).min)), out=samples[:, filled:end])
            filled = end
        return samples[:, :filled].T, rate


def torchcodec(file, sample_rate=None, channels=None, offset=None, duration=None):
    from torchcodec.decoders import AudioDecoder

    decoder = AudioDecoder(file, sample_rate=sample_rate, num_channels=channels)
    if offset is None:
        result = decoder.get_all_samples()
    else:
        # Its clock starts where the trimmed stream does, 25 ms into an MP3.
        start = (decoder.metadata.begin_stream_seconds or 0) + offset
        result = decoder.get_samples_played_in_range(start, start + duration)
    return result.data.numpy().T, result.sample_rate


DECODERS = {"soundfile": soundfile, "librosa": librosa, "pyav": pyav, "torchcodec": torchcodec}
