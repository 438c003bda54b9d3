import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where `npm run build` puts what it makes. */
export const dist = join(root, 'dist')

/** Small results of this checkout that may be deleted at any time. */
export const localCache = join(root, 'node_modules', '.cache', 'spacepanda')

const userCache = () => {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}

/** What is fetched or compiled for development, shared by every checkout of this user and keyed by version. */
export const devCache = join(userCache(), 'spacepanda-dev')
