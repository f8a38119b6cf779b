import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the hub is and where its files are kept, by the variables that Python's huggingface_hub knows. */
export interface HubSettings {
  /** Address without a slash at its end. */
  readonly endpoint: string
  /** Folder with a folder for each model. */
  readonly cache: string
  /** Nothing may be asked of the hub. */
  readonly offline: boolean
}

const YES = new Set(['1', 'ON', 'YES', 'TRUE'])

/** Settings from the environment. */
export function hubSettings(): HubSettings {
  const { HF_ENDPOINT, HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HUB_OFFLINE } = process.env
  const cache = HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE
  return {
    endpoint: (HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/u, ''),
    cache: cache ? expandHome(cache) : join(hubHome(), 'hub'),
    offline: YES.has((HF_HUB_OFFLINE ?? '').toUpperCase()),
  }
}

/** The token to show to the hub: `HF_TOKEN`, or what `hf auth login` has stored. */
export async function hubToken(): Promise<string | undefined> {
  const { HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH } = process.env
  const given = HF_TOKEN || HUGGING_FACE_HUB_TOKEN
  if (given) return given.trim()
  try {
    const path = HF_TOKEN_PATH ? expandHome(HF_TOKEN_PATH) : join(hubHome(), 'token')
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch {
    return undefined
  }
}

function hubHome(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env
  if (HF_HOME) return expandHome(HF_HOME)
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface')
}

function expandHome(path: string): string {
  return path.replace(/^~(?=$|[/\\])/u, homedir())
}
