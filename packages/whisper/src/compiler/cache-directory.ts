import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where compiled models lie unless the caller says otherwise: in the folder that the system has for caches. */
export function defaultCacheDirectory(): string {
  return join(systemCache(), 'audiodecode', 'compiled')
}

function systemCache(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return XDG_CACHE_HOME || join(homedir(), '.cache')
}
