import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { Classifier } from '../src/classifier.js'
import { makeRecordings } from '../src/recordings.js'
import { toInputs } from '../src/to-inputs.js'
import { evaluate, train } from '../src/train.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-words-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hasEspeak = spawnSync('espeak-ng', ['--version']).status === 0

test.skipIf(!hasEspeak)(
  'words are recognised in voices and at speeds that were not trained on',
  async () => {
    const { training, heldOut } = await makeRecordings(folder)
    const losses: number[] = []
    const classifier = await train(training, (_, loss) => losses.push(loss))
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 5)
    const { right, recordings } = await evaluate(classifier, heldOut)
    expect(recordings).toBe(160)
    // One in ten by chance.
    expect(right / recordings).toBeGreaterThan(0.75)
  },
  180_000,
)

test('a word is described by the means of its stretches, without the padding', () => {
  // Two items of one row: 24 frames of which the second has 12.
  const data = Float32Array.from({ length: 48 }, (_, at) => (at < 24 ? at : at < 36 ? 5 : 99))
  const [long, short] = toInputs({
    data,
    shape: [2, 1, 24],
    lengths: Int32Array.of(24, 12),
    indices: Int32Array.of(0, 1),
    startSeconds: new Float64Array(2),
    items: ['a', 'b'],
  })
  expect([...long!]).toEqual(Array.from({ length: 12 }, (_, at) => 2 * at + 0.5))
  expect([...short!]).toEqual(Array.from({ length: 12 }, () => 5))
})

test('the classifier learns what can be told apart by a plane', () => {
  const classifier = new Classifier(2, 3)
  const points = Array.from({ length: 90 }, (_, at) => {
    const angle = ((at % 3) * 2 * Math.PI) / 3 + 0.3 * Math.sin(at)
    return Float32Array.of(100 + Math.cos(angle), 0.01 * Math.sin(angle))
  })
  const labels = points.map((_, at) => at % 3)
  const losses = Array.from({ length: 200 }, () => classifier.learn(points, labels))
  // Before anything is learned all classes are alike: ln 3.
  expect(losses[0]).toBeCloseTo(Math.log(3), 9)
  expect(losses.at(-1)).toBeLessThan(0.2)
  expect(points.map((point) => classifier.predict(point))).toEqual(labels)
})
