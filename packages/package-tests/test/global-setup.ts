import { rmSync } from 'node:fs'

import type { TestProject } from 'vitest/node'

import { installConsumer } from './install-consumer.js'
import { packPackages } from './pack-packages.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Name of each package → absolute path of its tarball. */
    tarballs: Readonly<Record<string, string>>
    /** Folder in which core, backend-rust, features, dataloader and their addons and Whisper's for this machine are installed from their tarballs, and nothing else. */
    consumer: string
  }
}

/** Packs and installs once for all test files. */
export default function setup(project: TestProject): () => void {
  const { folder, tarballs } = packPackages()
  const consumer = installConsumer(tarballs)
  project.provide('tarballs', tarballs)
  project.provide('consumer', consumer)
  return () => {
    for (const path of [folder, consumer]) rmSync(path, { recursive: true, force: true })
  }
}
