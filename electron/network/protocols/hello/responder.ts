import type { GroupId, PeerId } from '../../../../shared/domain/ids.ts'
import type { SharedGroup } from '../../../ports/wire.ts'
import { Refused } from '../rpc.ts'
import { bindingOf } from './binding.ts'
import { MAX_TAGS, NONCE_BYTES, VERSIONS } from './constants.ts'
import { verifyProofs, type HelloDeps } from './initiator.ts'
import type { HelloRequest, HelloResponse } from './messages.ts'

export interface ResponderOptions {
  remotePeer: PeerId
  onOpened: () => void
  /** The exchange is over; the answer that tells the other side leaves right after. */
  onProven: (shared: SharedGroup[]) => void
}

type Step =
  | { kind: 'awaiting-open' }
  | { kind: 'awaiting-tags'; binding: Uint8Array }
  | { kind: 'awaiting-proofs'; binding: Uint8Array; offered: ReadonlySet<GroupId> }
  | { kind: 'over' }

/** The answering side of one exchange. Throws `Refused` on anything out of order, after which nothing is answered any more. */
export function createHelloResponder(deps: HelloDeps, options: ResponderOptions): (request: HelloRequest) => HelloResponse {
  const { membership } = deps
  let step: Step = { kind: 'awaiting-open' }

  const open = (versions: readonly number[], initiatorNonce: Uint8Array): HelloResponse => {
    const version = VERSIONS.find((known) => versions.includes(known))
    if (version === undefined) throw new Refused('other-version')
    const nonce = deps.random.bytes(NONCE_BYTES)
    const parts = { initiatorNonce, responderNonce: nonce, initiator: options.remotePeer, responder: deps.localPeer }
    step = { kind: 'awaiting-tags', binding: bindingOf(parts) }
    options.onOpened()
    return { kind: 'opened', version, nonce }
  }

  const offer = (binding: Uint8Array, tags: readonly Uint8Array[]): HelloResponse => {
    const groups = new Set(membership.recognise(binding, 'initiator', tags))
    const proofs = [...groups].slice(0, MAX_TAGS).flatMap((groupId) => {
      const proof = membership.prove(groupId, binding, 'responder')
      return proof === null ? [] : [proof]
    })
    step = { kind: 'awaiting-proofs', binding, offered: groups }
    return { kind: 'proofs', proofs }
  }

  return (request) => {
    const at = step
    step = { kind: 'over' }
    if (at.kind === 'awaiting-open' && request.kind === 'open') return open(request.versions, request.nonce)
    if (at.kind === 'awaiting-tags' && request.kind === 'tags') return offer(at.binding, request.tags)
    if (at.kind === 'awaiting-proofs' && request.kind === 'proofs') {
      // Checking a proof costs: nobody needs more of them than there were offers.
      if (request.proofs.length > at.offered.size) throw new Refused('malformed')
      const proven = verifyProofs(membership, at.binding, 'initiator', request.proofs).filter(({ group }) => at.offered.has(group.groupId))
      options.onProven(proven.map(({ group }) => group))
      return { kind: 'accepted', tags: proven.map(({ proof }) => proof.tag) }
    }
    throw new Refused('malformed')
  }
}
