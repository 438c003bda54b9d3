import { z } from 'zod'
import type { DeviceId, ProfileId } from '../../shared/domain/ids.ts'
import type { Settings } from '../../shared/domain/models.ts'
import { displayName } from '../../shared/ipc/schemas.ts'
import { fromCbor, toCbor } from '../kernel/cbor.ts'
import { AppError } from '../kernel/errors.ts'
import type { Random } from '../kernel/random.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { Store } from '../ports/store.ts'

/** What the profile is apart from its groups. */
export interface ProfileRecord {
  profileId: ProfileId
  deviceId: DeviceId
  name: string
}

const hex = z.string().regex(/^[0-9a-f]{32}$/)
const record = z.strictObject({
  profileId: hex.transform((id) => id as ProfileId),
  deviceId: hex.transform((id) => id as DeviceId),
  name: displayName,
})
const settings = z.strictObject({ theme: z.enum(['system', 'light', 'dark']) })
const PORTS = z.strictObject({ tcp: z.int().min(0).max(65_535) })

const PROFILE = 'profile'
const TRANSPORT_KEY = 'transport-key'
const PREFERENCES = 'preferences'
const NETWORK = 'network'

/** Null in a database in which the creation of a profile did not finish. Throws `AppError('unreadable')` on damage. */
export function readProfile(store: Store): ProfileRecord | null {
  const bytes = store.settings.get(PROFILE)
  if (bytes === null) return null
  const profile = fromCbor(bytes, record)
  if (profile === null) throw new AppError('unreadable', 'The profile in the database cannot be read.')
  return profile
}

/** The profile and its transport key, in one step: either both are there afterwards or neither. */
export function writeNewProfile(store: Store, name: string, random: Random): ProfileRecord {
  const profile: ProfileRecord = { profileId: random.id(), deviceId: random.id(), name }
  store.transaction((tx) => {
    tx.settings.set(PROFILE, toCbor(profile))
    tx.settings.set(TRANSPORT_KEY, random.bytes(32))
  })
  return profile
}

export function renameProfile(store: Store, profile: ProfileRecord, name: string): ProfileRecord {
  const renamed = { ...profile, name }
  store.transaction((tx) => {
    tx.settings.set(PROFILE, toCbor(renamed))
  })
  return renamed
}

/** 32-byte Ed25519 seed of the libp2p peer id. */
export function transportKey(store: Store): Redacted<Uint8Array> {
  const seed = store.settings.get(TRANSPORT_KEY)
  if (seed?.length !== 32) throw new AppError('unreadable', 'The network key of the profile cannot be read.')
  return new Redacted(seed)
}

export function readSettings(store: Store): Settings {
  const bytes = store.settings.get(PREFERENCES)
  return (bytes && fromCbor(bytes, settings)) ?? { theme: 'system' }
}

export function writeSettings(store: Store, value: Settings): void {
  store.transaction((tx) => {
    tx.settings.set(PREFERENCES, toCbor(value))
  })
}

/** The TCP port used last, so that addresses others stored stay good after a restart; 0 for none yet. */
export function lastTcpPort(store: Store): number {
  const bytes = store.settings.get(NETWORK)
  return (bytes && fromCbor(bytes, PORTS))?.tcp ?? 0
}

export function rememberTcpPort(store: Store, tcp: number): void {
  if (lastTcpPort(store) === tcp) return
  store.transaction((tx) => {
    tx.settings.set(NETWORK, toCbor({ tcp }))
  })
}
