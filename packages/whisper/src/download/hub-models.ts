/** Names of models and where they lie on the hub, as in faster-whisper 1.2.1 (`utils.py`, `_MODELS`). */
const REPOSITORIES: Readonly<Record<string, string>> = {
  'tiny.en': 'Systran/faster-whisper-tiny.en',
  tiny: 'Systran/faster-whisper-tiny',
  'base.en': 'Systran/faster-whisper-base.en',
  base: 'Systran/faster-whisper-base',
  'small.en': 'Systran/faster-whisper-small.en',
  small: 'Systran/faster-whisper-small',
  'medium.en': 'Systran/faster-whisper-medium.en',
  medium: 'Systran/faster-whisper-medium',
  'large-v1': 'Systran/faster-whisper-large-v1',
  'large-v2': 'Systran/faster-whisper-large-v2',
  'large-v3': 'Systran/faster-whisper-large-v3',
  large: 'Systran/faster-whisper-large-v3',
  'distil-large-v2': 'Systran/faster-distil-whisper-large-v2',
  'distil-medium.en': 'Systran/faster-distil-whisper-medium.en',
  'distil-small.en': 'Systran/faster-distil-whisper-small.en',
  'distil-large-v3': 'Systran/faster-distil-whisper-large-v3',
  'distil-large-v3.5': 'distil-whisper/distil-large-v3.5-ct2',
  'large-v3-turbo': 'mobiuslabsgmbh/faster-whisper-large-v3-turbo',
  turbo: 'mobiuslabsgmbh/faster-whisper-large-v3-turbo',
}

/** Names that stand for a repository. */
export const MODEL_NAMES: readonly string[] = Object.keys(REPOSITORIES)

/** The hub's own rule, without the few names that it forbids besides. */
const REPOSITORY = /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/u

/** The repository that a name stands for, or `owner/name` itself; undefined for what is neither. */
export function repositoryOf(model: string): string | undefined {
  if (Object.hasOwn(REPOSITORIES, model)) return REPOSITORIES[model]
  return REPOSITORY.test(model) && !model.includes('..') && !model.includes('--')
    ? model
    : undefined
}
