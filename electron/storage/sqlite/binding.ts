import { InvariantError } from '../../kernel/errors.ts'

/** The prebuilt addon needs persistent string references, which came with Node-API 10; older runtimes crash on it without a word. */
const PREBUILT_NEEDS_NAPI = 10
const BINDING_VARIABLE = 'SPACEPANDA_SQLITE_BINDING'

/**
 * Path of the addon to load, or null for the package's own prebuilt one.
 * Throws where the prebuilt would crash the process and no other was provided.
 */
export function sqliteBinding(napiVersion: string | undefined, env: Readonly<Record<string, string | undefined>>): string | null {
  if (Number(napiVersion) >= PREBUILT_NEEDS_NAPI) return null
  const path = env[BINDING_VARIABLE]
  if (path === undefined || path === '') throw new InvariantError(`${BINDING_VARIABLE} must name a SQLite addon built for this runtime`)
  return path
}
