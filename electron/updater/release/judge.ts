import { createHash } from 'node:crypto'
import { utf8 } from '../../kernel/bytes.ts'
import { err, ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import type { KeySet } from '../keys/key-set.ts'
import { followRotations } from '../keys/rotation.ts'
import type { SignedRotation } from '../keys/rotation.ts'
import { signedBy } from '../keys/signed-by.ts'
import type { SignatureRefusal } from '../keys/signed-by.ts'
import { MAX_ANNOUNCEMENT_BYTES, decodeAnnouncement } from './announcement.ts'
import { decodeRelease } from './release.ts'
import type { Release, ReleaseFile } from './release.ts'
import { compareVersions } from './version.ts'

/** What is remembered between starts, outside every profile. */
export interface Seen {
  /** The newest announcement that was ever believed: its date, and the SHA-256 of its release. */
  newest: { date: string; digest: string } | null
  /** Statements that led from the pinned keys to those in force: verified anew each time, so that writing here gives nobody a key. */
  rotations: readonly SignedRotation[]
}

/** What this program is. */
export interface Installed {
  version: string
  platform: string
  arch: string
  kind: ReleaseFile['kind']
}

export type Refusal =
  | SignatureRefusal
  | { kind: 'too-large' }
  | { kind: 'malformed' }
  | { kind: 'bad-rotation' }
  | { kind: 'stale'; date: string }
  | { kind: 'from-the-future'; date: string }
  | { kind: 'replayed'; date: string; newest: string }
  /** These two are news all the same, so they are to be remembered: what came before them would be an older announcement. */
  | { kind: 'older-version'; version: string; seen: Seen }
  | { kind: 'not-for-this-system'; seen: Seen }

/** Believed: who signed, and what to remember before anything is done with it. `file` is null where this version is installed already. */
export interface Believed {
  release: Release
  signers: readonly string[]
  file: ReleaseFile | null
  seen: Seen
}

const DAY_MS = 86_400_000
/** So long can somebody who holds the line keep a fixed fault from being heard of, unnoticed. */
export const STALE_AFTER_DAYS = 30
export const isStale = (date: string, now: number): boolean => now - Date.parse(date) > STALE_AFTER_DAYS * DAY_MS
/** Clocks of people's computers are wrong by a time zone, not by more. */
export const FUTURE_DAYS = 1

/**
 * The whole judgement over bytes from the update server, in the order of distrust: size, signatures, time, then content. Pure.
 * Nothing of an announcement is read as a release before two makers vouched for its bytes.
 */
export function judgeAnnouncement(
  bytes: Uint8Array,
  { pinned, seen, installed, now }: { pinned: KeySet; seen: Seen; installed: Installed; now: number },
): Result<Believed, Refusal> {
  if (bytes.length > MAX_ANNOUNCEMENT_BYTES) return err({ kind: 'too-large' })
  const announcement = decodeAnnouncement(bytes)
  if (announcement === null) return err({ kind: 'malformed' })

  const keys = keysInForce(pinned, seen, announcement.rotations)
  if (!keys.ok) return keys
  const signed = utf8(announcement.release)
  const signers = signedBy(keys.value.set.keys, signed, announcement.signatures)
  if (!signers.ok) return signers
  const release = decodeRelease(signed)
  if (release === null) return err({ kind: 'malformed' })

  const { date, version } = release
  const age = now - Date.parse(date)
  if (age < -FUTURE_DAYS * DAY_MS) return err({ kind: 'from-the-future', date })
  const digest = createHash('sha256').update(signed).digest('hex')
  if (seen.newest !== null && isReplay({ date, digest }, seen.newest)) return err({ kind: 'replayed', date, newest: seen.newest.date })
  if (isStale(date, now)) return err({ kind: 'stale', date })

  const next: Seen = { newest: { date, digest }, rotations: keys.value.rotations }
  const order = compareVersions(version, installed.version)
  if (order < 0) return err({ kind: 'older-version', version, seen: next })
  const believed = { release, signers: signers.value, seen: next }
  if (order === 0) return ok({ ...believed, file: null })
  const { platform, arch, kind } = installed
  const file = release.files.find((one) => one.platform === platform && one.arch === arch && one.kind === kind)
  return file === undefined ? err({ kind: 'not-for-this-system', seen: next }) : ok({ ...believed, file })
}

/** Two announcements of the same second are not one after the other: the first one heard stands. */
const isReplay = (next: { date: string; digest: string }, newest: { date: string; digest: string }): boolean =>
  next.date < newest.date || (next.date === newest.date && next.digest !== newest.digest)

/**
 * From the pinned keys by what was believed before, then by what is new. Remembered statements that lead nowhere (the file was
 * damaged or changed) are forgotten: they cannot give keys, and must not end the updates.
 */
function keysInForce(
  pinned: KeySet,
  seen: Seen,
  offered: readonly SignedRotation[],
): Result<{ set: KeySet; rotations: readonly SignedRotation[] }, { kind: 'bad-rotation' }> {
  const remembered = followRotations(pinned, seen.rotations)
  const known = remembered.ok ? remembered.value : { set: pinned, led: [] }
  const followed = followRotations(known.set, offered)
  if (!followed.ok) return followed
  // Only what leads somewhere: how many are offered, and how often, is up to the server.
  return ok({ set: followed.value.set, rotations: [...known.led, ...followed.value.led] })
}
