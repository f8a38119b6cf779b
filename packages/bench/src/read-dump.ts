import { readFile } from 'node:fs/promises'

/** The float32 numbers that an engine wrote to a file. */
export async function readDump(path: string): Promise<Float32Array> {
  const { buffer } = new Uint8Array(await readFile(path))
  return new Float32Array(buffer)
}
