import { runCommand } from '../run-command.js'
import { compileC } from './compile-c.js'

/** The names under which the backends open their libraries, newest first. */
const NAMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sndfile: [['libsndfile.so.1']],
  ffmpeg: [63, 62, 61, 60, 59].map((version) => [
    `libavcodec.so.${version}`,
    `libavformat.so.${version}`,
  ]),
}

/** Bytes by which the peak memory of a C program grows that does nothing but open a backend’s libraries. Linux. */
export async function openedLibrariesBytes(backend: string): Promise<number> {
  const versions = NAMES[backend]
  if (versions === undefined) throw new Error(`backend-${backend} opens no library`)
  const program = await compileC('open_libraries', () => ['-ldl'])
  for (const names of versions) {
    const found = await runCommand(program, names).catch(() => null)
    if (found !== null) return Number(found.stdout)
  }
  throw new Error(`the libraries of backend-${backend} are not installed`)
}
