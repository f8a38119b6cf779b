import { fetchModel } from './fetch-model.mjs'

/** What the tests of `@audiodecode/whisper` transcribe with: many languages, and English alone. */
const NAMES = ['base', 'tiny.en']

/** Fetches the models that tests use; what cannot be fetched leaves its tests skipped. */
export async function fetchTestModels() {
  for (const name of NAMES) {
    try {
      await fetchModel(name)
    } catch (error) {
      console.error(`Without the Whisper model ${name} its tests are skipped. ${error.message}\n`)
    }
  }
}
