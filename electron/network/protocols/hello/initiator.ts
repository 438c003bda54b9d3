import type { PeerId } from '../../../../shared/domain/ids.ts'
import { equalBytes } from '../../../kernel/bytes.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { Random } from '../../../kernel/random.ts'
import type { MembershipProof, MembershipProver } from '../../../ports/network.ts'
import type { SharedGroup } from '../../../ports/wire.ts'
import { bindingOf } from './binding.ts'
import { MAX_TAGS, NONCE_BYTES, VERSIONS } from './constants.ts'
import type { HelloRequest, HelloResponse } from './messages.ts'

export interface HelloDeps {
  membership: MembershipProver
  random: Random
  localPeer: PeerId
}

export interface HelloOptions {
  remotePeer: PeerId
  /** Gives the answer that `helloRpc` accepts for that request. */
  send: (request: HelloRequest) => Promise<HelloResponse>
  /** The other side is there and speaks a version of ours; the proofs are next. */
  onOpened: () => void
}

interface Offer {
  group: SharedGroup
  proof: MembershipProof
}

/** The asking side. Gives the groups both ends have proven. Fails as `send` fails, or with `AppError('unreachable')`. */
export async function initiateHello(deps: HelloDeps, options: HelloOptions): Promise<SharedGroup[]> {
  const { membership } = deps
  const { send } = options
  const initiatorNonce = deps.random.bytes(NONCE_BYTES)
  const opened = await send({ kind: 'open', versions: [...VERSIONS], nonce: initiatorNonce })
  if (opened.kind !== 'opened' || !VERSIONS.includes(opened.version)) throw protocolError()
  options.onOpened()

  const binding = bindingOf({ initiatorNonce, responderNonce: opened.nonce, initiator: deps.localPeer, responder: options.remotePeer })
  const tags = membership.tags(binding, 'initiator').slice(0, MAX_TAGS)
  const answer = await send({ kind: 'tags', tags })
  // Checking a proof costs: nobody needs more of them than there were tags.
  if (answer.kind !== 'proofs' || answer.proofs.length > tags.length) throw protocolError(new BrokenHello())
  const offers = verified(membership, binding, answer.proofs)

  const accepted = await send({ kind: 'proofs', proofs: offers.map((offer) => offer.proof) })
  if (accepted.kind !== 'accepted') throw protocolError()
  return offers.filter(({ proof }) => accepted.tags.some((tag) => equalBytes(tag, proof.tag))).map((offer) => offer.group)
}

/** What the responder proved, each with our own proof for the same group. */
function verified(membership: MembershipProver, binding: Uint8Array, proofs: readonly MembershipProof[]): Offer[] {
  return verifyProofs(membership, binding, 'responder', proofs).flatMap(({ group }) => {
    const proof = membership.prove(group.groupId, binding, 'initiator')
    return proof === null ? [] : [{ group, proof }]
  })
}

/** Each group at most once, and only by a proof offered under a tag that group's members make. */
export function verifyProofs(
  membership: MembershipProver,
  binding: Uint8Array,
  otherRole: 'initiator' | 'responder',
  proofs: readonly MembershipProof[],
): { group: SharedGroup; proof: MembershipProof }[] {
  const found = new Map<string, { group: SharedGroup; proof: MembershipProof }>()
  for (const proof of proofs) {
    for (const groupId of membership.recognise(binding, otherRole, [proof.tag])) {
      const group = found.has(groupId) ? null : membership.verify(groupId, binding, otherRole, proof)
      if (group !== null) found.set(groupId, { group, proof })
    }
  }
  return [...found.values()]
}

/** The other side did what no version of the hello allows. */
export class BrokenHello extends Error {
  override readonly name = 'BrokenHello'
}

const protocolError = (cause?: BrokenHello): AppError =>
  new AppError('unreachable', 'The other side speaks another version of SpacePanda.', { cause })
