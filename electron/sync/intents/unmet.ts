import * as z from 'zod'
import type { GroupId, MemberId, UnmetId } from '../../../shared/domain/ids.ts'
import { unmetKinds } from '../../../shared/domain/unmet.ts'
import type { UnmetKind } from '../../../shared/domain/unmet.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import type { Intent } from './intent.ts'

/** What a person asked of a group and did not get, until they dismiss it. */
export interface UnmetRow {
  unmetId: UnmetId
  groupId: GroupId
  at: number
  kind: UnmetKind
  /** Whom or what it was about; empty where there is nothing to name. */
  name: string
  /** Why, in words. */
  why: string
}

const KEY = 'unmet'
const id = z.instanceof(Uint8Array).refine((value) => value.length === 16)
const stored = z.array(z.strictObject({ id, groupId: id, at: z.int().min(0), kind: z.enum(unmetKinds), name: z.string(), why: z.string() }))

type Reading = Pick<Repositories, 'settings'>

/** The newest first. Throws `AppError('unreadable')`: the value is our own. */
export function readUnmet(store: Reading): UnmetRow[] {
  const value = store.settings.get(KEY)
  if (value === null) return []
  const read = fromCbor(value, stored)
  if (read === null) throw new AppError('unreadable', 'What was asked in vain cannot be read from the database.')
  return read.map(({ id: unmetId, groupId, ...rest }) => ({
    unmetId: toHex(unmetId) as UnmetId,
    groupId: toHex(groupId) as GroupId,
    ...rest,
  }))
}

function write(tx: Reading, rows: readonly UnmetRow[]): void {
  if (rows.length === 0) tx.settings.delete(KEY)
  else
    tx.settings.set(
      KEY,
      toCbor(
        rows.map(({ unmetId, groupId, at, kind, name, why }) => ({ id: fromHex(unmetId), groupId: fromHex(groupId), at, kind, name, why })),
      ),
    )
}

/** Notes one, and forgets the oldest of too many: who dismissed none of those does not read them. The same one takes the place of what was noted of it. */
export const putUnmet = (tx: Reading, row: UnmetRow): void =>
  write(tx, [row, ...readUnmet(tx).filter(({ unmetId }) => unmetId !== row.unmetId)].slice(0, limits.unmet))

/** Those that are not there are not missed: another window may have been quicker. */
export function dismissUnmet(tx: Reading, ids: readonly UnmetId[]): void {
  write(
    tx,
    readUnmet(tx).filter(({ unmetId }) => !ids.includes(unmetId)),
  )
}

/** All that is noted of a group that is forgotten. */
export function dropUnmet(tx: Reading, groupId: GroupId): void {
  const rows = readUnmet(tx)
  const rest = rows.filter((row) => row.groupId !== groupId)
  if (rest.length < rows.length) write(tx, rest)
}

/** Whom or what an intent is about, as it is called now: later nobody may know any more. */
export function nameOf(group: LiveGroup, intent: Intent): string {
  switch (intent.kind) {
    case 'create-channel':
      return intent.channel.name
    case 'rename':
    case 'rename-channel':
      return intent.name
    case 'remove':
    case 'part':
    case 'set-role':
      return memberName(group, intent.memberId)
    case 'see-off':
      return memberName(group, intent.request.memberId)
    case 'add':
      return intent.newcomers
        .map(({ memberId }) => memberName(group, memberId))
        .filter((name) => name !== '')
        .join(', ')
    case 'invite':
    case 'revoke':
    case 'admit':
    case 'readmit':
    case 'set-history':
      return ''
  }
}

/** Who comes into what is under a space is known in that alone. */
function memberName({ deps: { store }, groupId, parent }: LiveGroup, memberId: MemberId): string {
  const here = store.directory.member(groupId, memberId)
  return (here ?? (parent === null ? null : store.directory.member(parent, memberId)))?.name ?? ''
}
