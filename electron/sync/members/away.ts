import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import type { Repositories } from '../../ports/store.ts'
import { readEnded } from './ended.ts'

/** When this device was out of a group that it is in again: what was written then is not here. In milliseconds. */
export interface Away {
  from: number
  to: number
}

type Reading = Pick<Repositories, 'settings'>

/** Of somebody who is removed again and again the older ones are no great loss. */
const MOST = 16
const key = (groupId: GroupId): string => `away/${groupId}`
const time = z.int().min(0)
const stored = z.array(z.tuple([time, time]))

/** Oldest first; none where it cannot be read. */
export function awayTimes({ settings }: Reading, groupId: GroupId): Away[] {
  const value = settings.get(key(groupId))
  return ((value && fromCbor(value, stored)) ?? []).map(([from, to]) => ({ from, to }))
}

/** In the step by which it is in again, while it is known since when it was not. */
export function noteBack(tx: Reading, groupId: GroupId, to: number): void {
  const from = readEnded(tx, groupId)?.at
  if (from === undefined || from >= to) return
  const times = [...awayTimes(tx, groupId), { from, to }].slice(-MOST)
  tx.settings.set(key(groupId), toCbor(times.map((away) => [away.from, away.to])))
}

export const dropAway = ({ settings }: Reading, groupId: GroupId): void => settings.delete(key(groupId))
