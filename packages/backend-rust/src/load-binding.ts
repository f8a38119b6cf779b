import { createRequire } from 'node:module'

import type { NativeBinding } from '@audiodecode/native-bridge'

/** Loads the addon through the generated loader. By package name, so that it is also found from a bundle. */
export function loadBinding(): NativeBinding {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  return createRequire(here)('@audiodecode/backend-rust/binding') as NativeBinding
}
