import type { BenchCase } from '../bench-case.js'
import { aac } from './aac.js'
import { abort } from './abort.js'
import { batch } from './batch.js'
import { cacheHits } from './cache-hits.js'
import { featureFiles } from './feature-files.js'
import { featureNumbers } from './feature-numbers.js'
import { features, melSpeed, mfccSpeed } from './features.js'
import { ffmpeg } from './ffmpeg.js'
import { flac } from './flac.js'
import { importTime } from './import-time.js'
import { lateRange } from './late-range.js'
import { librosaLoadCase } from './librosa-load.js'
import { loaderMemory } from './loader-memory.js'
import { loaderWait } from './loader-wait.js'
import { mainThread } from './main-thread.js'
import { mp3OneThread } from './mp3-one-thread.js'
import { mp3TwoThreads } from './mp3-two-threads.js'
import { opus } from './opus.js'
import { peakMemory } from './peak-memory.js'
import { ranges } from './ranges.js'
import { resample } from './resample.js'
import { shortFast } from './short-fast.js'
import { shortFresh } from './short-fresh.js'
import { shortWarm } from './short-warm.js'
import { sndfile } from './sndfile.js'
import { vorbis } from './vorbis.js'
import { wav } from './wav.js'
import { whisperAccuracy } from './whisper-accuracy.js'
import { whisperCard } from './whisper-card.js'
import { whisperFidelity } from './whisper-fidelity.js'
import { whisperFromFiles } from './whisper-from-files.js'
import { whisperLiveMemory } from './whisper-live-memory.js'
import { whisperMainThread } from './whisper-main-thread.js'
import { whisperMemory } from './whisper-memory.js'
import { whisperShort } from './whisper-short.js'
import {
  whisperBatched,
  whisperBeam,
  whisperFloat,
  whisperGreedy,
  whisperTwoFiles,
} from './whisper-speed.js'
import { whisperStart } from './whisper-start.js'
import { whisperWords } from './whisper-words.js'

/** Every case, in the order of the bars. */
export const ALL_CASES: readonly BenchCase[] = [
  mp3OneThread,
  mp3TwoThreads,
  flac,
  wav,
  aac,
  vorbis,
  opus,
  shortWarm,
  shortFast,
  shortFresh,
  batch,
  lateRange,
  peakMemory,
  mainThread,
  importTime,
  resample,
  ranges,
  abort,
  sndfile,
  ffmpeg,
  mfccSpeed,
  melSpeed,
  featureFiles,
  loaderWait,
  loaderMemory,
  cacheHits,
  featureNumbers,
  librosaLoadCase,
  features,
  whisperGreedy,
  whisperBeam,
  whisperBatched,
  whisperTwoFiles,
  whisperFloat,
  whisperAccuracy,
  whisperShort,
  whisperWords,
  whisperMemory,
  whisperLiveMemory,
  whisperStart,
  whisperMainThread,
  whisperFidelity,
  whisperCard,
  whisperFromFiles,
]
