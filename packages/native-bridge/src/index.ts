export { adviseAddon } from './advise-addon.js'
export type { AddonPackage } from './advise-addon.js'
export { allocateSamples } from './allocate-samples.js'
export { createNativeBackend } from './create-native-backend.js'
export type { NativeBackendOptions } from './create-native-backend.js'
export { loadAddon, loadBindingOnce } from './load-binding-once.js'
export type { AddonBinding } from './load-binding-once.js'
export type {
  NativeBinding,
  NativeCancelToken,
  NativeDecode,
  NativeDecoder,
  NativeInfo,
  NativeLimits,
  NativeOpenOptions,
  NativeOutcome,
  NativeReport,
  NativeRequest,
  NativeStream,
} from './native-binding.js'
export { createNativeCalls } from './native-calls.js'
export type { NativeCalls } from './native-calls.js'
