import type { ClientState, KeySchedule, PublicGroupState } from 'ts-mls'
import * as z from 'zod'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { EpochParts, MovedSecrets } from '../../ports/mls-epoch.ts'
import type { GroupState } from './group-engine.ts'
import { contentOf, epochName, label, nameOf } from './labelled.ts'
import { messageSecrets, movedSecrets, nodeSecrets, toSecretTree } from './message-secrets.ts'
import { decodePublic, encodePublic } from './public-parts.ts'
import { leafAt } from './roster.ts'
import { isAbove, unwrap, wrap } from './state.ts'

/** The eight secrets of an epoch in the order of this tuple (RFC 9420 §8). */
const secret = z.instanceof(Uint8Array)
const schedule = z.tuple([secret, secret, secret, secret, secret, secret, secret, secret])

const encodeSchedule = (from: KeySchedule): Uint8Array =>
  toCbor([
    from.senderDataSecret,
    from.exporterSecret,
    from.externalSecret,
    from.confirmationKey,
    from.membershipKey,
    from.resumptionPsk,
    from.epochAuthenticator,
    from.initSecret,
  ])

function decodeSchedule(bytes: Uint8Array): KeySchedule | null {
  const parsed = fromCbor(copyBytes(bytes), schedule)
  if (parsed === null) return null
  const [senderDataSecret, exporterSecret, externalSecret, confirmationKey, membershipKey, resumptionPsk, epochAuthenticator, initSecret] =
    parsed
  return {
    senderDataSecret,
    exporterSecret,
    externalSecret,
    confirmationKey,
    membershipKey,
    resumptionPsk,
    epochAuthenticator,
    initSecret,
  }
}

/** What no state of ours holds has no row: past epochs are states of their own, and proposals travel in commits only. */
function assertPlain(client: ClientState): void {
  const isPlain =
    client.historicalReceiverData.size === 0 &&
    Object.keys(client.unappliedProposals).length === 0 &&
    client.groupActiveState.kind === 'active'
  invariant(isPlain, 'a state with more in it than is stored')
}

/** `GroupEngine.encode`. The public parts weigh about 2.9 KB a member with X-Wing. */
export function encodeParts(state: GroupState): EpochParts {
  const client = unwrap(state)
  assertPlain(client)
  const name = epochName(client)
  const { groupContext, ratchetTree } = encodePublic(client)
  const { leafIndex, privateKeys } = client.privatePath
  const leaf = leafAt(client.ratchetTree, leafIndex)
  invariant(leaf !== null, 'a member has a leaf')
  return {
    groupContext: label(name, groupContext),
    ratchetTree: label(name, ratchetTree),
    keySchedule: label(name, encodeSchedule(client.keySchedule)),
    confirmation: label(name, client.confirmationTag),
    ownLeaf: { name, leafIndex, signatureKey: copyBytes(leaf.signaturePublicKey) },
    signatureSecret: copyBytes(client.signaturePrivateKey),
    pathKeys: nodeSecrets(privateKeys),
    secrets: messageSecrets(client),
  }
}

/** `GroupEngine.moved`. */
export const movedBetween = (before: GroupState, after: GroupState): MovedSecrets => movedSecrets(unwrap(before), unwrap(after))

type OwnParts = Pick<ClientState, 'privatePath' | 'signaturePrivateKey'>

/** Our leaf and keys, if they fit the tree. */
function decodeOwn({ ownLeaf, signatureSecret, pathKeys }: EpochParts, { ratchetTree }: PublicGroupState): OwnParts | null {
  const { leafIndex, signatureKey } = ownLeaf
  const leaf = leafAt(ratchetTree, leafIndex)
  if (leaf === null || !equalBytes(leaf.signaturePublicKey, signatureKey)) return null
  if (!pathKeys.every(({ node }) => ratchetTree[node] !== undefined && isAbove(node, leafIndex))) return null
  const privateKeys = Object.fromEntries(pathKeys.map(({ node, secret }) => [node, copyBytes(secret)]))
  if (privateKeys[leafIndex * 2] === undefined) return null
  return { privatePath: { leafIndex, privateKeys }, signaturePrivateKey: copyBytes(signatureSecret) }
}

function decodeClient(parts: EpochParts): ClientState | null {
  const name = nameOf(parts.keySchedule)
  if (name === null) return null
  const content = (part: Uint8Array): Uint8Array | null => contentOf(name, part)
  const [context, tree, scheduleBytes, tag] = [parts.groupContext, parts.ratchetTree, parts.keySchedule, parts.confirmation].map(content)
  if (!context || !tree || !scheduleBytes || !tag) return null
  if (!equalBytes(parts.ownLeaf.name, name) || !equalBytes(parts.secrets.name, name)) return null
  const keySchedule = decodeSchedule(scheduleBytes)
  if (keySchedule === null || !equalBytes(epochName({ keySchedule }), name)) return null
  const publicState = decodePublic(context, tree)
  const own = publicState && decodeOwn(parts, publicState)
  const secretTree = toSecretTree(parts.secrets)
  if (!publicState || !own || secretTree === null) return null
  if (secretTree.leafWidth * 2 - 1 !== publicState.ratchetTree.length) return null
  return {
    ...publicState,
    ...own,
    keySchedule,
    secretTree,
    confirmationTag: copyBytes(tag),
    unappliedProposals: {},
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
  }
}

/** `GroupEngine.decode`. Throws `AppError('unreadable')`. The state shares no memory with what it was decoded from. */
export function decodeParts(parts: EpochParts): GroupState {
  const client = decodeClient(parts)
  if (client === null) throw new AppError('unreadable', 'The stored keys of a space cannot be read.')
  return wrap(client)
}
