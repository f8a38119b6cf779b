import { fileURLToPath } from 'node:url'

const source = (path: string): string =>
  fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

/** Tests run from the sources, so that they never see a stale `dist`. */
export const alias: Record<string, string> = {
  '@audiodecode/core/librosa': source('core/src/librosa.ts'),
  '@audiodecode/core': source('core/src/index.ts'),
  '@audiodecode/native-bridge': source('native-bridge/src/index.ts'),
  '@audiodecode/backend-tests': source('backend-tests/src/index.ts'),
  '@audiodecode/backend-rust': source('backend-rust/src/index.ts'),
  '@audiodecode/backend-ffmpeg/beamcoder': source('backend-ffmpeg/src/beamcoder/index.ts'),
  '@audiodecode/backend-ffmpeg': source('backend-ffmpeg/src/index.ts'),
  '@audiodecode/backend-sndfile': source('backend-sndfile/src/index.ts'),
  '@audiodecode/cache': source('cache/src/index.ts'),
  '@audiodecode/dataloader': source('dataloader/src/index.ts'),
  '@audiodecode/features': source('features/src/index.ts'),
  '@audiodecode/test-support': source('test-support/src/index.ts'),
  '@audiodecode/cli': source('cli/src/index.ts'),
}

/** Vitest's five seconds are few on two cores that have other tests to run: a test that hangs fails all the same. */
export const timeouts = { testTimeout: 30_000, hookTimeout: 60_000 } as const
