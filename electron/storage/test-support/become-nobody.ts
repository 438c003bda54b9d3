import Database from 'better-sqlite3'
import { sqliteBinding } from '../sqlite/binding.ts'

export const isRoot = process.getuid?.() === 0
export const NOBODY = 65_534
const ASKED = 'SPACEPANDA_TEST_AS_NOBODY'

/** The environment of a script of which `becomeNobodyIfAsked` shall give up root's rights. */
export const asNobody = (): NodeJS.ProcessEnv => (isRoot ? { ...process.env, [ASKED]: '1' } : process.env)

/**
 * Gives up root's rights once everything is loaded: where this program and its runtime lie, somebody else may not read.
 * To be called by a script before its work, and after its imports.
 */
export function becomeNobodyIfAsked(): void {
  if (process.env[ASKED] !== '1') return
  const binding = sqliteBinding(process.versions['napi'], process.env)
  new Database(':memory:', binding === null ? {} : { nativeBinding: binding }).close()
  process.setgroups?.([])
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}
