import type { TranscribeOptions } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { resolveOptions } from './options.js'

test('the defaults are those of faster-whisper 1.2.1', () => {
  expect(resolveOptions(undefined)).toEqual({
    language: undefined,
    task: 'transcribe',
    multilingual: false,
    languageDetectionThreshold: 0.5,
    languageDetectionSegments: 1,
    beamSize: 5,
    bestOf: 5,
    patience: 1,
    lengthPenalty: 1,
    repetitionPenalty: 1,
    noRepeatNgramSize: 0,
    temperature: [0, 0.2, 0.4, 0.6, 0.8, 1],
    compressionRatioThreshold: 2.4,
    logProbThreshold: -1,
    noSpeechThreshold: 0.6,
    conditionOnPreviousText: true,
    promptResetOnTemperature: 0.5,
    initialPrompt: undefined,
    prefix: undefined,
    hotwords: undefined,
    suppressBlank: true,
    suppressTokens: [-1],
    withoutTimestamps: false,
    maxInitialTimestamp: 1,
    maxNewTokens: undefined,
    chunkLength: undefined,
    wordTimestamps: false,
    prependPunctuations: '"\'“¿([{-',
    appendPunctuations: '"\'.。,，!！?？:：”)]}、',
    hallucinationSilenceThreshold: null,
    vad: 'auto',
    vadParameters: {},
    shortAudio: 'fast',
    clipTimestamps: undefined,
    channelMode: 'mix',
    batchSize: 'auto',
    seed: 0,
  })
})

test('what is resolved can be sent to a worker', () => {
  const options = resolveOptions({ onProgress: () => {}, signal: AbortSignal.abort(), seed: 3 })
  expect(structuredClone(options)).toEqual(options)
})

test('a language is given by code or by name', () => {
  expect(resolveOptions({ language: 'German' }).language).toBe('de')
})

test('thresholds are switched off by null', () => {
  const off = { compressionRatioThreshold: null, logProbThreshold: null, noSpeechThreshold: null }
  expect(resolveOptions(off)).toMatchObject(off)
})

test.each([
  [{}, { batchSize: 'auto', conditionOnPreviousText: true }],
  [{ batchSize: 8 }, { batchSize: 8, conditionOnPreviousText: false }],
  [{ batchSize: 1 }, { batchSize: 1, conditionOnPreviousText: true }],
  [{ conditionOnPreviousText: true }, { batchSize: 1, conditionOnPreviousText: true }],
  [{ conditionOnPreviousText: false }, { batchSize: 'auto', conditionOnPreviousText: false }],
] satisfies [TranscribeOptions, object][])('%j is resolved to %j', (given, resolved) => {
  expect(resolveOptions(given)).toMatchObject(resolved)
})

test.each([
  ['options', 5, 'options must be an object'],
  ['beamSize', { beamSize: '5' }, 'beamSize must be a number'],
  ['task', { task: 'summarise' }, "task must be 'transcribe' or 'translate'"],
  ['shortAudio', { shortAudio: true }, "shortAudio must be 'fast' or 'exact'"],
  ['vad', { vad: 'on' }, 'vad must be true or false'],
  ['a list that holds nothing', { suppressTokens: [undefined] }, 'suppressTokens[0]'],
  ['initialPrompt', { initialPrompt: 5 }, 'initialPrompt must be text'],
  ['signal', { signal: {} }, 'signal must be an AbortSignal'],
  ['onProgress', { onProgress: true }, 'onProgress must be a function'],
  ['clips', { clipTimestamps: '0,5' }, 'clipTimestamps must be a list'],
  ['a clip without end', { clipTimestamps: [{ start: 1 }] }, 'clipTimestamps[0] must be'],
  ['a vad parameter', { vadParameters: { threshold: 'x' } }, 'vadParameters.threshold'],
  ['spelling', { beam_size: 5 }, 'there is no option beam_size; it is beamSize here'],
  ['name', { vad_filter: true }, 'it is vad here'],
  ['silence', { hallucinationSilenceThreshold: 2 }, 'needs wordTimestamps: true'],
  ['both', { batchSize: 4, conditionOnPreviousText: true }, 'batchSize 1 only'],
])('a TypeError tells of wrong %s', (_, given, message) => {
  expect(() => resolveOptions(given as TranscribeOptions)).toThrow(TypeError)
  expect(() => resolveOptions(given as TranscribeOptions)).toThrow(message)
})

test.each([
  [{ beamSize: 0 }, 'beamSize must be a whole number from 1 to 100, not 0'],
  [{ beamSize: 2.5 }, 'not 2.5'],
  [{ patience: 0 }, 'patience must be above 0'],
  [{ temperature: [] }, 'at least one temperature'],
  [{ temperature: [0, -0.1] }, 'temperature must be 0 or more, not -0.1'],
  [{ temperature: Number.NaN }, 'not NaN'],
  [{ noSpeechThreshold: 1.5 }, 'noSpeechThreshold must be from 0 to 1'],
  [{ logProbThreshold: -Infinity }, 'logProbThreshold must be finite'],
  [{ maxInitialTimestamp: 31 }, 'maxInitialTimestamp must be from 0 to 30'],
  [{ chunkLength: 31 }, 'chunkLength'],
  [{ suppressTokens: [-2] }, 'suppressTokens[0] must be a whole number from -1 upwards'],
  [{ clipTimestamps: [{ start: 2, end: 2 }] }, 'clipTimestamps[0] must end after its start'],
  [{ vadParameters: { maxSpeechDurationS: 0 } }, 'maxSpeechDurationS must be above 0'],
  [{ language: 'klingon!' }, 'is not one that Whisper knows'],
] satisfies [TranscribeOptions, string][])('%j is out of range', (given, message) => {
  expect(() => resolveOptions(given)).toThrow(RangeError)
  expect(() => resolveOptions(given)).toThrow(message)
})

test('infinite ends and lengths are allowed where they mean no limit', () => {
  const clipTimestamps = [{ start: 5, end: Infinity }]
  const vadParameters = { maxSpeechDurationS: Infinity }
  expect(resolveOptions({ clipTimestamps, vadParameters })).toMatchObject({
    clipTimestamps,
    vadParameters,
  })
})
