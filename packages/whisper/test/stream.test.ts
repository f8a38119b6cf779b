import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel } from '../src/index.js'
import type { StreamedWords } from '../src/index.js'
import { modelFolder } from './support/models.js'

const folder = modelFolder('tiny.en')

describe.skipIf(folder === undefined)('live audio', { timeout: 120_000 }, () => {
  let model: WhisperModel
  let jfk: Float32Array

  beforeAll(async () => {
    model = await WhisperModel.load(folder ?? '', { computeType: 'int8' })
    jfk = (await load(fileURLToPath(new URL('data/jfk-16k.flac', import.meta.url)))).data
  }, 60_000)
  afterAll(() => model.close())

  /** Blocks of so many samples, and what became of their source. */
  function blocksOf(samples: Float32Array, size: number) {
    const state = { given: 0, ended: false }
    async function* blocks(): AsyncGenerator<Float32Array> {
      try {
        for (let at = 0; at < samples.length; at += size) {
          state.given = Math.min(samples.length, at + size)
          yield samples.subarray(at, at + size)
        }
      } finally {
        state.ended = true
      }
    }
    return { blocks: blocks(), state }
  }

  async function allOf(stream: AsyncIterable<StreamedWords>): Promise<StreamedWords[]> {
    const results: StreamedWords[] = []
    for await (const result of stream) results.push(result)
    return results
  }

  const finalText = (results: readonly StreamedWords[]): string =>
    results.flatMap(({ final, text }) => (final ? [text] : [])).join('')
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z ]/gu, '')

  test('is understood, in partial and in final words whose times go on', async () => {
    const heard: number[] = []
    const results = await allOf(
      model.stream(blocksOf(jfk, 1600).blocks, {
        onProgress: ({ seconds }) => heard.push(seconds),
      }),
    )
    const text = plain(finalText(results))
    expect(text).toContain('and so my fellow americans')
    expect(text).toContain('your country can do for you')
    expect(text).toContain('what you can do for your country')
    expect(results.some(({ final }) => !final)).toBe(true)
    expect(results.at(-1)?.final).toBe(true)
    const words = results.flatMap(({ final, words }) => (final ? words : []))
    for (const [index, { start, end }] of words.entries()) {
      expect(start).toBeGreaterThanOrEqual(words[index - 1]?.end ?? 0)
      expect(end).toBeGreaterThanOrEqual(start)
      expect(end).toBeLessThanOrEqual(11)
    }
    expect(words.find(({ word }) => word.includes('country'))?.start).toBeCloseTo(6, 0)
    expect(heard.at(-1)).toBe(11)
  })

  test('may come in blocks of 10 ms, and as one of all', async () => {
    for (const size of [160, jfk.length]) {
      const results = await allOf(model.stream(blocksOf(jfk, size).blocks))
      expect(plain(finalText(results))).toContain('what you can do for your country')
    }
  })

  test('may be several at once', async () => {
    const streams = [1, 2].map(() => allOf(model.stream(blocksOf(jfk, 8000).blocks)))
    for (const results of await Promise.all(streams)) {
      expect(plain(finalText(results))).toContain('what you can do for your country')
    }
  })

  test('is nothing without audio, and silence', async () => {
    expect(await allOf(model.stream(blocksOf(new Float32Array(0), 1).blocks))).toEqual([])
    const silence = blocksOf(new Float32Array(16_000 * 8), 1600)
    expect(await allOf(model.stream(silence.blocks))).toEqual([])
    const short = blocksOf(jfk.subarray(0, 100), 10)
    expect(finalText(await allOf(model.stream(short.blocks)))).toBe('')
  })

  test('ends with the loop that reads it, without being read far ahead', async () => {
    const { blocks, state } = blocksOf(jfk, 1600)
    for await (const { text } of model.stream(blocks)) {
      expect(text).not.toBe('')
      break
    }
    expect(state.ended).toBe(true)
    expect(state.given).toBeLessThanOrEqual(16_000 * 6)
  })

  test('ends with the error of its source', async () => {
    const reason = new Error('no microphone')
    async function* failing(): AsyncGenerator<Float32Array> {
      yield jfk.subarray(0, 16_000)
      throw reason
    }
    await expect(allOf(model.stream(failing()))).rejects.toBe(reason)
  })

  test('ends with an abort and with the model, also while nothing comes', async () => {
    async function* quiet(): AsyncGenerator<Float32Array> {
      yield jfk.subarray(0, 8000)
      await new Promise(() => {})
    }
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = allOf(model.stream(quiet(), { signal: controller.signal }))
    await setTimeout(50)
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)

    const other = await WhisperModel.load(folder ?? '', { computeType: 'int8' })
    const closed = allOf(other.stream(quiet())).catch((error: unknown) => error)
    await setTimeout(50)
    await other.close()
    expect(await closed).toMatchObject({ code: 'ERR_CLOSED' })
    await expect(allOf(other.stream(quiet()))).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('is refused before anything is read when it or an option cannot be meant', () => {
    const { blocks, state } = blocksOf(jfk, 1600)
    expect(() => model.stream(jfk as unknown as AsyncIterable<Float32Array>)).toThrow(TypeError)
    expect(() => model.stream(blocks, { clipTimestamps: [{ start: 0, end: 1 }] })).toThrow(
      TypeError,
    )
    expect(() => model.stream(blocks, { channelMode: 'split' })).toThrow(TypeError)
    expect(() => model.stream(blocks, { batchSize: 4 })).toThrow(TypeError)
    expect(() => model.stream(blocks, { beamSize: 0 })).toThrow(RangeError)
    expect(state.given).toBe(0)
  })
})
