"""What a run of faster-whisper says, as the golden files hold it."""


def told_run(model, options, info, segments):
    return {
        "model": model,
        "options": options,
        "language": info.language,
        "languageProbability": info.language_probability,
        "durationAfterVad": info.duration_after_vad,
        "segments": [
            {
                "seek": segment.seek,
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "tokens": segment.tokens,
                "avgLogprob": segment.avg_logprob,
                "compressionRatio": segment.compression_ratio,
                "noSpeechProb": segment.no_speech_prob,
                "temperature": segment.temperature,
                "words": segment.words
                and [[word.start, word.end, word.word, word.probability] for word in segment.words],
            }
            for segment in segments
        ],
    }
