import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { mendPair, writePair } from './header-pair.ts'
import type { Header, Wrap } from './header.ts'
import { type Making, requireHeader, sealForDaily } from './key-file.ts'
import { keyIdOf, openWithPassphrase, sealWithNewPhrase } from './wraps.ts'

/*
 * All of these are for who has the database of the folder open, and `key` is what opened it: its lock keeps other processes
 * from changing the key file too, and a key that opens the database is the right one. Calls must not overlap.
 */

/**
 * Checks what the person gave as the present passphrase; where the profile has none, anything will do.
 * Throws `AppError`: 'passphrase-required' (none given), 'wrong-passphrase', 'unreadable', 'disk'.
 */
export async function checkPassphrase(dir: string, passphrase: string | null): Promise<void> {
  const wrap = requireHeader(dir).wraps.find(({ kind }) => kind === 'passphrase')
  if (wrap?.kind !== 'passphrase') return
  if (passphrase === null) throw new AppError('passphrase-required', 'Give the present passphrase too.')
  const key = await openWithPassphrase(wrap, passphrase)
  key.wipe()
}

/**
 * Puts a new passphrase (or, with null, the keyring) in the place of what opened the profile; a recovery phrase stays good.
 * Durable on return, and nothing that the old passphrase opens is left in the folder. A crash leaves the old or the new one.
 * Throws `AppError`: 'passphrase-required' (null without a safe keyring), 'unreadable' (the keyring fails), 'disk'.
 */
export async function changePassphrase(
  dir: string,
  key: Redacted<Uint8Array>,
  { next, vault, ...making }: Making & { next: string | null; vault: KeyVault | null },
): Promise<void> {
  const daily = await sealForDaily(key, next, vault, making)
  change(dir, key, (wraps) => [daily, ...wraps.filter((wrap) => wrap.kind === 'recovery')])
}

/** A new recovery phrase; an older one opens nothing any more. Durable on return. Throws `AppError('unreadable' | 'disk')`. */
export function makeRecoveryPhrase(dir: string, key: Redacted<Uint8Array>, random = systemRandom): string {
  const { phrase, wrap } = sealWithNewPhrase(key, random)
  change(dir, key, (wraps) => [...without(wraps, 'recovery'), wrap])
  return phrase
}

/**
 * Does nothing where there is none. Throws `AppError`: 'not-permitted' where nothing else opens the profile, 'unreadable', 'disk'.
 */
export function removeRecoveryPhrase(dir: string, key: Redacted<Uint8Array>): void {
  const { wraps } = requireHeader(dir)
  const rest = without(wraps, 'recovery')
  if (rest.length === wraps.length) return
  if (rest.length === 0) throw new AppError('not-permitted', 'Only the recovery phrase opens this profile. Choose a passphrase first.')
  change(dir, key, () => rest)
}

/**
 * Brings the key file and its copy together again, in the present format, from whichever of them is whole; answers whether
 * there was anything to do. Throws `AppError('unreadable' | 'disk')`.
 */
export function mendKeyFile(dir: string, key: Redacted<Uint8Array>): boolean {
  return mendPair(dir, ours(dir, key))
}

const without = (wraps: readonly Wrap[], kind: Wrap['kind']): Wrap[] => wraps.filter((wrap) => wrap.kind !== kind)

function change(dir: string, key: Redacted<Uint8Array>, wraps: (old: readonly Wrap[]) => Wrap[]): void {
  const header = ours(dir, key)
  writePair(dir, { ...header, generation: header.generation + 1, wraps: wraps(header.wraps) })
}

/** The folder's header, for this key: one of another profile that was put there meanwhile must not be overwritten. */
function ours(dir: string, key: Redacted<Uint8Array>): Header {
  const header = requireHeader(dir)
  const keyId = keyIdOf(key)
  if (header.keyId !== null && header.keyId !== keyId) {
    throw new AppError('unreadable', 'The key file in this folder is of another profile. Nothing was changed.')
  }
  return { ...header, keyId }
}
