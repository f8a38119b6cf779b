export { adviseAddon } from './advise-addon.js'
export type { AddonPackage } from './advise-addon.js'
export { createNativeBackend } from './create-native-backend.js'
export type { NativeBackendOptions } from './create-native-backend.js'
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
