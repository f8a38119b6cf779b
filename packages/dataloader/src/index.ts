export type { AudioBatch } from './audio-batch.js'
export { AudioDataLoader } from './audio-data-loader.js'
export type {
  DataItem,
  DataLoaderOptions,
  DataLoaderProgress,
  DataLoaderStats,
  FeatureOptions,
  SkippedItem,
} from './loader-options.js'
export type { DataLoaderState } from './loader-state.js'
export { readManifest } from './read-manifest.js'
export type { ManifestItem, ManifestOptions } from './read-manifest.js'
