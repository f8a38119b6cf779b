import '@audiodecode/backend-rust'
import { AudioDataLoader, readManifest } from '@audiodecode/dataloader'
import type { DataLoaderOptions, ManifestItem } from '@audiodecode/dataloader'

import { Classifier } from './classifier.js'
import { WORDS } from './recordings.js'
import { inputSize, toInputs } from './to-inputs.js'

const COEFFICIENTS = 13
const EPOCHS = 12

/** Speech at 16 kHz as coefficients, 100 frames a second. */
const OPTIONS: DataLoaderOptions = {
  sampleRate: 16_000,
  batchSize: 32,
  features: { kind: 'mfcc', nMfcc: COEFFICIENTS, nMels: 40, nFft: 512, hopLength: 160 },
}

/** Trains a classifier on a manifest; tells the mean loss of each epoch. */
export async function train(
  manifest: string,
  onEpoch: (epoch: number, loss: number) => void,
): Promise<Classifier> {
  const items = await readManifest(manifest)
  await using loader = new AudioDataLoader(items, { ...OPTIONS, shuffle: true, seed: 1 })
  const classifier = new Classifier(inputSize(COEFFICIENTS), WORDS.length)
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    let loss = 0
    for await (const batch of loader) {
      const share = batch.items.length / items.length
      loss += share * classifier.learn(toInputs(batch), batch.items.map(labelOf))
    }
    onEpoch(epoch, loss)
  }
  return classifier
}

/** Recordings of a manifest, and how many the classifier gets right. */
export async function evaluate(
  classifier: Classifier,
  manifest: string,
): Promise<{ right: number; recordings: number }> {
  const items = await readManifest(manifest)
  await using loader = new AudioDataLoader(items, OPTIONS)
  let right = 0
  for await (const batch of loader) {
    for (const [at, inputs] of toInputs(batch).entries()) {
      if (classifier.predict(inputs) === labelOf(batch.items[at]!)) right++
    }
  }
  return { right, recordings: items.length }
}

function labelOf({ word }: ManifestItem): number {
  const label = WORDS.findIndex((one) => one === word)
  if (label < 0) throw new TypeError(`the manifest has an unknown word: ${JSON.stringify(word)}`)
  return label
}
