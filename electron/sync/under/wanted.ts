import { z } from 'zod'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import type { Newcomer } from '../intents/intent.ts'
import { pickPackage } from './offers.ts'

/** Whom this device was asked to add to a group under a space and could not yet: no key package of theirs has come by. */

type Reading = Pick<Repositories, 'settings'>

const key = (groupId: GroupId): string => `wanted/${groupId}`
const stored = z.array(z.instanceof(Uint8Array))

/** Throws `AppError('unreadable')`: the value is our own. */
export function wantedIn(store: Reading, groupId: GroupId): MemberId[] {
  const value = store.settings.get(key(groupId))
  if (value === null) return []
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'Who was to be added to a channel cannot be read from the database.')
  return read.map((id) => toHex(id) as MemberId)
}

export function putWanted(tx: Reading, groupId: GroupId, members: readonly MemberId[]): void {
  if (members.length === 0) tx.settings.delete(key(groupId))
  else tx.settings.set(key(groupId), toCbor([...new Set(members)].map(fromHex)))
}

export const dropWanted = (tx: Reading, groupId: GroupId): void => tx.settings.delete(key(groupId))

/** Adds all of them whose keys are here, by one commit. Who is in already, or in the space no more, is wanted no longer. */
export async function addWanted(group: LiveGroup, space: LiveGroup): Promise<void> {
  const { store } = group.deps
  const { groupId } = group
  if (wantedIn(store, groupId).length === 0) return
  await group.exclusive(async () => {
    const isIn = (memberId: MemberId): boolean => group.tip.settings.roles.has(memberId)
    const isGone = (memberId: MemberId): boolean => store.directory.member(space.groupId, memberId)?.active !== true
    const before = wantedIn(store, groupId)
    const open = before.filter((memberId) => !isIn(memberId) && !isGone(memberId))
    const found = await Promise.all(open.map((memberId) => pickPackage(space, memberId)))
    const newcomers = found.filter((one): one is Newcomer => one !== null)
    const rest = open.filter((memberId) => !newcomers.some((one) => one.memberId === memberId))
    if (newcomers.length > 0) await carryOut(group, { kind: 'add', newcomers }, (tx) => putWanted(tx, groupId, rest))
    else if (rest.length < before.length) store.transaction((tx) => putWanted(tx, groupId, rest))
  })
}
