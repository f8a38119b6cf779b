import { createRequire } from 'node:module'

import type { NativeBinding } from '@audiodecode/native-bridge'

/** What this addon exports besides what every addon does. */
export interface FfmpegBinding extends NativeBinding {
  /** Looks for FFmpeg: its version, or what to do to get it. */
  libraryStatus(): { readonly version?: string | null; readonly hint?: string | null }
}

/** Loads the addon through the generated loader. By package name, so that it is also found from a bundle. */
export function loadBinding(): FfmpegBinding {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  return createRequire(here)('@audiodecode/backend-ffmpeg/binding') as FfmpegBinding
}
