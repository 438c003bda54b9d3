import { contentTypes, processPrivateMessage } from 'ts-mls'
import type { CiphersuiteImpl, ClientState, MlsContext, PrivateMessage, ProposalWithSender, SecretTreeNode } from 'ts-mls'
import { ed25519Verify, ed25519VerifyAside } from '../../identity/index.ts'
import { invariant } from '../../kernel/errors.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { faultName } from '../../kernel/logger.ts'
import { assertOnlyThat, describeChange } from './change.ts'
import type { Toolbox } from './context.ts'
import type { Authorise, GroupMember, GroupState, ProposedChange, Received, ReceiveOptions, Rejection } from './group-engine.ts'
import { FORWARD_GENERATIONS } from './limits.ts'
import { openNext } from './open-next.ts'
import { Refusal, reject, rejectionOf } from './reject.ts'
import { groupIdOf, memberAt, scopeOf } from './roster.ts'
import { openSenderData } from './sender-data.ts'
import type { SenderData } from './sender-data.ts'
import { enter, unwrap, wrap } from './state.ts'
import { decodeFramed } from './wire.ts'

/** Whether the key of a message is still there, or still to come. */
function checkGeneration(node: SecretTreeNode | undefined, message: PrivateMessage, { generation }: SenderData): void {
  const ratchet = message.contentType === contentTypes.application ? node?.application : node?.handshake
  const reached = ratchet?.generation ?? 0
  if (generation < reached && ratchet?.unusedGenerations[generation] === undefined) throw new Refusal('replay', 'its key is used up')
  if (generation > reached + FORWARD_GENERATIONS) throw new Refusal('invalid', 'too far ahead of its sender')
}

interface Sender {
  member: GroupMember
  senderData: SenderData
}

/**
 * Who sent it, by the sender data of RFC 9420 §6.3.2. The library then uses the same sender data for keys and signature, so a
 * message that it accepts was signed by this leaf. Checked first, because leaves outside of the tree would lead it astray.
 */
function findSender(tools: Toolbox, client: ClientState, message: PrivateMessage, takeOwn: boolean): Sender {
  const parts = tools.parts(client.groupContext.cipherSuite)
  const senderData = openSenderData(parts, client.keySchedule.senderDataSecret, message)
  const { leafIndex } = senderData
  if (leafIndex === client.privatePath.leafIndex && !takeOwn) throw new Refusal('own', 'made by this device')
  const member = memberAt(scopeOf(client), client.ratchetTree, leafIndex)
  if (member === null) throw new Refusal('invalid', 'its sender is not a member')
  checkGeneration(client.secretTree.leafNodes[leafIndex * 2], message, senderData)
  return { member, senderData }
}

/** The one signature of a message is the one over its content (RFC 9420 §6.1). What is not taken here the library judges. */
async function receiveMessage(
  tools: Toolbox,
  client: ClientState,
  message: PrivateMessage,
  { member, senderData }: Sender,
  verifyLater: ReceiveOptions['verifyLater'],
): Promise<Received> {
  const { authenticatedData } = message
  const next = openNext(tools.parts(client.groupContext.cipherSuite), client, message, senderData)
  if (next !== null) {
    const { publicKey, signed, signature, plaintext } = next
    verifyLater?.(() => ed25519VerifyAside(publicKey, signed, signature))
    if (verifyLater !== undefined || ed25519Verify(publicKey, signed, signature))
      return { kind: 'message', state: wrap(next.client), sender: member, plaintext, authenticatedData }
  }
  const context = tools.contextOf(client)
  const checks: (() => Promise<boolean>)[] = []
  const aside: MlsContext = { ...context, cipherSuite: verifyingAside(context.cipherSuite, checks) }
  const result = await processPrivateMessage({ context: verifyLater ? aside : context, state: client, privateMessage: message })
  if (result.kind !== 'applicationMessage') throw new Refusal('invalid', 'not what it says it is')
  if (verifyLater !== undefined) {
    invariant(checks.length === 1, 'a message has one signature')
    for (const check of checks) verifyLater(check)
  }
  return { kind: 'message', state: wrap(result.newState), sender: member, plaintext: result.message, authenticatedData: result.aad }
}

const verifyingAside = (suite: CiphersuiteImpl, checks: (() => Promise<boolean>)[]): CiphersuiteImpl => ({
  ...suite,
  signature: {
    ...suite.signature,
    verify: async (publicKey, message, signature) => {
      checks.push(() => ed25519VerifyAside(publicKey, message, signature))
      return true
    },
  },
})

/** Fails closed: whoever authorises must not throw, and if it does the answer is no. */
function ask(tools: Toolbox, authorise: Authorise, change: ProposedChange): void {
  let objection: string | null
  try {
    objection = authorise(change)
  } catch (thrown) {
    tools.logger.error('mls.authorise-failed', { fault: faultName(thrown) })
    objection = 'authorisation failed'
  }
  if (objection !== null) throw new Refusal('unauthorised', objection)
}

async function receiveCommit(
  tools: Toolbox,
  client: ClientState,
  message: PrivateMessage,
  { member: sender }: Sender,
  authorise: Authorise,
): Promise<Received> {
  const isOwn = sender.leafIndex === client.privatePath.leafIndex
  let change: ProposedChange | null = null
  const judge = (senderLeafIndex: number | undefined, proposals: readonly ProposalWithSender[]) => {
    if (senderLeafIndex !== sender.leafIndex) throw new Refusal('invalid', 'not from who it says')
    const values = proposals.map(({ proposal }) => proposal)
    change = describeChange(client, sender, values, message.authenticatedData)
    if (!isOwn) ask(tools, authorise, change)
  }
  const result = await processPrivateMessage({
    context: tools.contextOf(client),
    state: client,
    privateMessage: message,
    callback: (incoming) => {
      if (incoming.kind !== 'commit') return 'reject'
      judge(incoming.senderLeafIndex, incoming.proposals)
      // Its signature is verified by now; the path secrets are the ones its author chose and, put back from a copy, has no more.
      return isOwn ? 'reject' : 'accept'
    },
  })
  const described = change as ProposedChange | null
  if (isOwn && described !== null) return { kind: 'own-commit', change: described }
  if (result.kind !== 'newState' || result.actionTaken !== 'accept' || described === null) {
    throw new Refusal('invalid', 'not what it says it is')
  }
  if (result.newState.groupActiveState.kind === 'removedFromGroup') return { kind: 'removed', change: described }
  assertOnlyThat(client, result.newState, described)
  return { kind: 'commit', state: enter(result.newState), change: described }
}

/** `GroupEngine.receive`. */
export async function receive(
  tools: Toolbox,
  state: GroupState,
  bytes: Uint8Array,
  authorise: Authorise,
  { takeOwn, verifyLater }: ReceiveOptions = { takeOwn: false },
): Promise<Result<Received, Rejection>> {
  const framed = decodeFramed(bytes)
  if (!framed.ok) return framed
  const { header, message } = framed.value
  const client = unwrap(state)
  if (header.groupId !== groupIdOf(client)) return reject('wrong-group', 'of another group')
  if (message.epoch !== client.groupContext.epoch) return reject('wrong-epoch', 'of another epoch')
  if (header.kind === 'proposal') return reject('unsupported', 'a proposal by itself')
  try {
    const sender = findSender(tools, client, message, takeOwn)
    return ok(
      header.kind === 'message'
        ? await receiveMessage(tools, client, message, sender, verifyLater)
        : await receiveCommit(tools, client, message, sender, authorise),
    )
  } catch (thrown) {
    return { ok: false, error: rejectionOf(thrown, header.kind) }
  }
}
