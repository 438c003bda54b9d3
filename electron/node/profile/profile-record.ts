import * as z from 'zod'
import type { DeviceId, ProfileId } from '../../../shared/domain/ids.ts'
import type { Settings } from '../../../shared/domain/models.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'
import { displayName, noticeMode } from '../../../shared/ipc/schemas.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { Store } from '../../ports/store.ts'

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
const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  lockAfterMinutes: z.number().nullable().default(usualSettings.lockAfterMinutes),
  lockOnSuspend: z.boolean().default(usualSettings.lockOnSuspend),
  readReceipts: z.boolean().default(usualSettings.readReceipts),
  notices: noticeMode.default(usualSettings.notices),
  keepRunning: z.boolean().default(usualSettings.keepRunning),
})

const PROFILE = 'profile'
const TRANSPORT_KEY = 'transport-key'
const PREFERENCES = 'preferences'
const ENDPOINT = 'endpoint'

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

export function readSettings(store: Pick<Store, 'settings'>): Settings {
  const bytes = store.settings.get(PREFERENCES)
  return (bytes && fromCbor(bytes, settings)) ?? usualSettings
}

export function writeSettings(store: Store, value: Settings): void {
  store.transaction((tx) => {
    tx.settings.set(PREFERENCES, toCbor(value))
  })
}

/** What the network asked to be given again, so that addresses others stored stay good after a restart; null at the first start. */
export function lastEndpoint(store: Store): Redacted<Uint8Array> | null {
  const bytes = store.settings.get(ENDPOINT)
  return bytes && new Redacted(bytes)
}

export function rememberEndpoint(store: Store, endpoint: Redacted<Uint8Array>): void {
  const known = store.settings.get(ENDPOINT)
  if (known !== null && equalBytes(known, endpoint.reveal())) return
  store.transaction((tx) => {
    tx.settings.set(ENDPOINT, endpoint.reveal())
  })
}
