import type { BuildInfo } from '../kernel/build-info.ts'
import { readKeySet } from './keys/key-set.ts'
import type { KeySet } from './keys/key-set.ts'

/** Where to look, and whom to believe. */
export interface UpdateSource {
  /** A folder, so it ends with a slash. */
  url: string
  keys: KeySet
}

/** Only a server on this very computer, for tests. */
const onLoopback = /^http:\/\/127\.0\.0\.1:\d{1,5}\/$/

/**
 * Both are fixed when the program is built. A test build lets a test name the server, if that is on this computer; a release
 * takes nothing from its environment. Null where no updates are to be had: sources, or a package of somebody else.
 */
export function updateSource({ kind, updates }: BuildInfo, env: Readonly<Record<string, string | undefined>>): UpdateSource | null {
  const keys = updates === null ? null : readKeySet(updates.keys)
  if (kind === 'development' || updates === null || keys === null) return null
  const wished = kind === 'test' ? env['SPACEPANDA_UPDATE_URL'] : undefined
  if (wished !== undefined) return onLoopback.test(wished) ? { url: wished, keys } : null
  const isSafe = updates.url.startsWith('https://') && updates.url.endsWith('/') && URL.canParse(updates.url)
  return isSafe ? { url: updates.url, keys } : null
}
