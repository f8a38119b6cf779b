import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Whether onnxruntime-node has its CUDA libraries, without loading it. Its own `listSupportedBackends()` names 'cuda' wherever it
 * could be added, also when it is not there.
 */
export async function hasCudaLibrary(folder: string = runtimeFolder()): Promise<boolean> {
  const bin = join(folder, 'bin')
  for (const version of await names(bin)) {
    const found = await names(join(bin, version, process.platform, process.arch))
    if (found.some((name) => name.includes('onnxruntime_providers_cuda'))) return true
  }
  return false
}

/** Where onnxruntime-node is installed; '' when it is not. */
function runtimeFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  } catch {
    return ''
  }
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((): string[] => [])
}
