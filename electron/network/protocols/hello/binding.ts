import { createHash } from 'node:crypto'
import type { PeerId } from '../../../../shared/domain/ids.ts'
import { utf8 } from '../../../kernel/bytes.ts'
import { BINDING_LABEL } from './constants.ts'

export interface BindingParts {
  initiatorNonce: Uint8Array
  responderNonce: Uint8Array
  initiator: PeerId
  responder: PeerId
}

/**
 * 32 bytes that no other session has: SHA-256 over the label, both nonces and both peer ids, each preceded by its length.
 * The peer ids are those Noise has authenticated, so that a proof shown to one peer is no use before another.
 */
export function bindingOf(parts: BindingParts): Uint8Array {
  const hash = createHash('sha256')
  for (const part of [utf8(BINDING_LABEL), parts.initiatorNonce, parts.responderNonce, utf8(parts.initiator), utf8(parts.responder)]) {
    hash.update(Uint8Array.of(part.length >> 8, part.length & 0xff)).update(part)
  }
  return new Uint8Array(hash.digest())
}
