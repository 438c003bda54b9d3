import type { ObjectAck, ObjectPush } from '../../../ports/wire.ts'
import type { Rpc } from '../rpc.ts'
import { ACK_MS, MAX_ACKS_BYTES, MAX_PUSH_BYTES, OBJECTS_PROTOCOL } from './constants.ts'
import { decodeObjectAcks, encodeObjectAcks } from './object-acks.ts'
import { decodeObjectPush, encodeObjectPush } from './object-push.ts'

/** A member hands over ciphertext and hears, for each object, what became of it. */
export const objectsRpc: Rpc<ObjectPush, ObjectAck[]> = {
  id: OBJECTS_PROTOCOL,
  limits: { requestBytes: MAX_PUSH_BYTES, responseBytes: MAX_ACKS_BYTES, responseMs: ACK_MS },
  encodeRequest: encodeObjectPush,
  decodeRequest: decodeObjectPush,
  encodeResponse: encodeObjectAcks,
  decodeResponse: (body, push) => decodeObjectAcks(body, push.objects.length),
}
