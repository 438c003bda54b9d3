import { readFileSync } from 'node:fs'
import { keyFilePath } from './profile-folder.ts'

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The kinds of ways to the key that a key file names; none where it is no key file. Read by hand: the schema library is not loaded before the window. */
export function wrapKinds(content: string): string[] {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return []
  }
  if (!isRecord(value) || !Array.isArray(value['wraps'])) return []
  return value['wraps'].flatMap((wrap: unknown) => (isRecord(wrap) && typeof wrap['kind'] === 'string' ? [wrap['kind']] : []))
}

/**
 * What a profile looks to be opened by, where that is a passphrase; else null. A guess, for what is drawn before anything is known:
 * `readKeyFile` looks closely. Throws nothing.
 */
export function peekOpeners(dir: string): { recovery: boolean } | null {
  let content: string
  try {
    content = readFileSync(keyFilePath(dir), 'utf8')
  } catch {
    // Absent, or nobody may read it: either is told by who looks closely.
    return null
  }
  const kinds = wrapKinds(content)
  return kinds.includes('passphrase') && !kinds.includes('keyring') ? { recovery: kinds.includes('recovery') } : null
}
