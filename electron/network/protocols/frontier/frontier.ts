import { z } from 'zod'
import type { Eid, MemberId } from '../../../../shared/domain/ids.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import type { Frontier } from '../../../ports/wire.ts'
import { countField, groupField, idBytes, idField } from '../fields.ts'
import { MAX_SENDERS } from './constants.ts'

const senderField = z
  .strictObject({ member: idField<MemberId>(), seq: countField })
  .transform((wire) => ({ memberId: wire.member, seq: wire.seq }))

const schema = z
  .strictObject({
    group: groupField,
    eid: idField<Eid>(),
    epoch: countField,
    joinedEpoch: countField,
    senders: z.array(senderField).max(MAX_SENDERS),
  })
  .transform(({ group, ...rest }): Frontier => ({ groupId: group, ...rest }))

export const encodeFrontier = (frontier: Frontier): Uint8Array =>
  toCbor({
    group: idBytes(frontier.groupId),
    eid: idBytes(frontier.eid),
    epoch: frontier.epoch,
    joinedEpoch: frontier.joinedEpoch,
    senders: frontier.senders.map(({ memberId, seq }) => ({ member: idBytes(memberId), seq })),
  })

export const decodeFrontier = (body: Uint8Array): Frontier | null => fromCbor(body, schema)
