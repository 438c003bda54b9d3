import { z } from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import { KEPT_EPOCHS } from './group-deps.ts'

/**
 * The keys by which members recognise each other in a session, the newest first. A removal renews the key; whoever has not
 * heard of it, or followed another branch, still shows the one before, and must be recognised to hear of it.
 */
export type PresenceKeys = readonly PresenceKey[]

interface PresenceKey {
  key: Uint8Array
  /** When it was last that of our newest epoch. */
  at: number
}

/** Removals are rare: members this many removals behind each other meet by others. */
const MOST = 3

const nameOf = (groupId: GroupId): string => `presence-keys/${groupId}`
const stored = z.array(z.tuple([z.instanceof(Uint8Array), z.int()]))

/** Throws `AppError('unreadable')`: the value is our own. */
export function readPresenceKeys({ settings }: Pick<Repositories, 'settings'>, groupId: GroupId): PresenceKeys {
  const value = settings.get(nameOf(groupId))
  if (value === null) return []
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'The keys that members of a space recognise each other by cannot be read.')
  return read.map(([key, at]) => ({ key, at }))
}

export function writePresenceKeys({ settings }: Pick<Repositories, 'settings'>, groupId: GroupId, keys: PresenceKeys): void {
  settings.set(nameOf(groupId), toCbor(keys.map(({ key, at }) => [key, at])))
}

/** The same list where `key` is the newest already. */
export function withPresenceKey(keys: PresenceKeys, key: Uint8Array, now: number): PresenceKeys {
  const [newest, ...older] = keys
  if (newest !== undefined && equalBytes(newest.key, key)) return keys
  const left = newest === undefined ? [] : [{ ...newest, at: now }, ...older]
  const kept = left.filter((one) => !equalBytes(one.key, key) && one.at > now - KEPT_EPOCHS.forMs)
  return [{ key, at: now }, ...kept].slice(0, MOST)
}
