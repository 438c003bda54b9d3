import * as z from 'zod'
import type { Eid, MemberId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { Frontier } from '../../../ports/wire.ts'
import { countField, groupField, idBytes, idField } from '../fields.ts'
import { MAX_KNOWN, MAX_ROOTS, MAX_RUNS, MAX_SENDERS } from './constants.ts'

/** From, to, from, to… with a gap between each. */
const isAscending = (runs: readonly number[]): boolean =>
  runs.length % 2 === 0 && runs.every((at, i) => i === 0 || (i % 2 === 1 ? at >= (runs[i - 1] ?? 0) : at > (runs[i - 1] ?? 0) + 1))

const runsField = z
  .array(countField)
  .min(2)
  .max(2 * MAX_RUNS)
  .refine(isAscending)

const senderField = z
  .strictObject({ member: idField<MemberId>(), seq: countField, ahead: runsField.optional() })
  .transform(({ member, seq, ahead }) => ({ memberId: member, seq, ...(ahead && { ahead }) }))

const schema = z
  .strictObject({
    group: groupField,
    eid: idField<Eid>(),
    epoch: countField,
    joinedEpoch: countField,
    roots: z.array(idField<Eid>()).max(MAX_ROOTS),
    known: z.array(idField<Eid>()).max(MAX_KNOWN),
    senders: z
      .array(senderField)
      .max(MAX_SENDERS)
      .refine((senders) => senders.reduce((sum, { ahead }) => sum + (ahead?.length ?? 0), 0) <= 2 * MAX_RUNS),
    inReturn: z.literal(true).optional(),
  })
  .transform(({ group, inReturn, ...rest }): Frontier => ({ groupId: group, ...rest, ...(inReturn && { inReturn }) }))

/** The same one goes to everybody, for as long as nothing changes. */
const encoded = new WeakMap<Frontier, Uint8Array>()

export function encodeFrontier(frontier: Frontier): Uint8Array {
  const bytes = encoded.get(frontier) ?? encode(frontier)
  encoded.set(frontier, bytes)
  return bytes
}

const encode = (frontier: Frontier): Uint8Array =>
  toCbor({
    group: idBytes(frontier.groupId),
    eid: idBytes(frontier.eid),
    epoch: frontier.epoch,
    joinedEpoch: frontier.joinedEpoch,
    roots: frontier.roots.map(idBytes),
    known: frontier.known.map(idBytes),
    senders: frontier.senders.map(({ memberId, seq, ahead }) => ({ member: idBytes(memberId), seq, ...(ahead && { ahead }) })),
    ...(frontier.inReturn && { inReturn: true }),
  })

export const decodeFrontier = (body: Uint8Array): Frontier | null => fromCbor(body, schema)
