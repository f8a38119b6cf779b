import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { registerBackend } from '@audiodecode/core'
import { afterEach, beforeEach } from 'vitest'

import { rampBackend, rampFile } from './ramp-backend.js'
import type { Ramp } from './ramp-backend.js'

/** A folder for one test. */
export interface WorkFolder {
  /** Its path. */
  readonly path: string
  /** A path in it. */
  at(name: string): string
  /** Writes a ramp file and gives its path: 8 kHz stereo, one second, unless told otherwise. */
  ramp(name: string, ramp?: Partial<Ramp>): string
  /** Names of what is in it, dot files too. */
  names(): string[]
}

/** A fresh folder before each test, removed after it; the ramp backend is registered. */
export function useWorkFolder(): WorkFolder {
  let path = ''
  beforeEach(() => {
    registerBackend(rampBackend)
    path = mkdtempSync(join(tmpdir(), 'audiodecode-cli-'))
  })
  afterEach(() => rmSync(path, { recursive: true, force: true }))
  const at = (name: string): string => join(path, name)
  return {
    get path() {
      return path
    },
    at,
    ramp(name, ramp = {}) {
      writeFileSync(at(name), rampFile({ rate: 8000, channels: 2, frames: 8000, ...ramp }))
      return at(name)
    },
    names: () => readdirSync(path).sort(),
  }
}
