import type { Eid } from '../../../../shared/domain/ids.ts'
import { utf8 } from '../../../kernel/bytes.ts'
import { frontierRpc } from '../../../network/protocols/frontier/frontier-rpc.ts'
import { hintsRpc } from '../../../network/protocols/hints/hints-rpc.ts'
import { handOverRpc } from '../../../network/protocols/hand-over/hand-over-rpc.ts'
import { historyRpc } from '../../../network/protocols/history/history-rpc.ts'
import { joinRpc } from '../../../network/protocols/join/join-rpc.ts'
import { leaveRpc } from '../../../network/protocols/leave/leave-rpc.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { returnRpc } from '../../../network/protocols/return/return-rpc.ts'
import { welcomeRpc } from '../../../network/protocols/welcome/welcome-rpc.ts'
import type { Rpc } from '../../../network/protocols/rpc.ts'
import type { Frontier, JoinRequest, PeerHint, PresentedLeaf } from '../../../ports/wire.ts'
import { encodeContent } from '../../../sync/content/mimi-content.ts'
import { idOf } from '../../fixtures/space-settings.ts'
import type { Names } from '../annotated.ts'
import { cborExample } from '../example.ts'
import type { HexExample } from '../example.ts'
import { ann, annRecord, bob, CHANNEL, DAY, GROUP, INVITATION, MESSAGE, NOON, REQUEST, UNDER } from '../people.ts'
import { admission } from '../scene.ts'
import { callSignature, leaveSignature, offerSignature, oldLeafKey, presentedSignature, returnSignature, welcomer } from './claims.ts'
import { firstWords } from './content.ts'

const [EID, BEFORE] = [idOf<Eid>(0xb1), idOf<Eid>(0xb0)]
const object = { eid: EID, bytes: utf8('an MLS message') }
const hint: PeerHint = { memberId: ann.memberId, record: annRecord }

const names: Names = {
  after: ['channel', 'time', 'message'],
  next: ['channel', 'time', 'message'],
  'messages.*': ['author', 'name', 'content'],
  'have.*': ['member', 'at'],
  'offers.*': ['member', 'at', 'packages', 'signature'],
}

/** A request and the answers to it. Keys, Welcomes and objects are short words here. */
function exchange<Q, R>(
  rpc: Rpc<Q, R>,
  [name, request]: readonly [string, Q],
  ...answers: readonly (readonly [string, R])[]
): HexExample[] {
  return [
    cborExample(name, request, { encode: rpc.encodeRequest, decode: rpc.decodeRequest }, names),
    ...answers.map(([answerName, answer]) =>
      cborExample(answerName, answer, { encode: rpc.encodeResponse, decode: (bytes) => rpc.decodeResponse(bytes, request) }, names),
    ),
  ]
}

const joinRequest: JoinRequest = {
  groupId: GROUP,
  invitationId: INVITATION,
  requestId: REQUEST,
  keyPackages: [utf8('a key package'), utf8('another')],
  signature: admission.signature,
}
const fresh: PresentedLeaf = {
  leafKey: oldLeafKey,
  keyPackage: utf8('a key package'),
  signature: returnSignature,
  peer: presentedSignature,
}
const frontier: Frontier = {
  groupId: GROUP,
  eid: EID,
  epoch: 300,
  joinedEpoch: 4,
  roots: [BEFORE],
  known: [EID, BEFORE],
  senders: [
    { memberId: ann.memberId, seq: 9, ahead: [11, 12, 20, 20] },
    { memberId: bob.memberId, seq: 3 },
  ],
}

const offer = { memberId: bob.memberId, at: NOON, packages: [utf8('a key package')], signature: offerSignature }
const call = { group: UNDER, leafKey: oldLeafKey, welcome: utf8('a Welcome'), commits: [{ eid: BEFORE, bytes: utf8('a commit') }] }

export const wireExamples: readonly HexExample[] = [
  ...exchange(
    joinRpc,
    ['join-request', joinRequest],
    [
      'join-welcome',
      { kind: 'welcome', welcome: utf8('a Welcome'), commits: [{ eid: BEFORE, bytes: utf8('a commit') }], peers: [hint], by: welcomer },
    ],
    ['join-refused', { kind: 'refused', code: 'invitation-expired' }],
    ['join-later', { kind: 'later', afterMs: 5_000 }],
    ['join-leaf', { kind: 'leaf', leafKey: oldLeafKey }],
  ),
  ...exchange(joinRpc, ['join-request-fresh', { ...joinRequest, fresh }]),
  ...exchange(objectsRpc, ['objects', { groupId: GROUP, objects: [object, object] }], ['objects-acks', ['stored', 'unknown-epoch']]),
  ...exchange(frontierRpc, ['frontier', frontier]),
  ...exchange(hintsRpc, ['hints', { groupId: GROUP, hints: [hint] }]),
  ...exchange(
    historyRpc,
    ['history-request', { groupId: GROUP, after: { channelId: CHANNEL, lamport: NOON, messageId: MESSAGE } }],
    ['history-page', { kind: 'page', messages: [{ author: ann.memberId, name: 'Ann', content: encodeContent(firstWords) }], next: null }],
    ['history-none', { kind: 'none' }],
  ),
  ...exchange(handOverRpc, ['hand-over', { groupId: GROUP, contents: [encodeContent(firstWords)] }], ['hand-over-answer', ['stored']]),
  ...exchange(
    leaveRpc,
    ['leave-request', { groupId: GROUP, memberId: bob.memberId, leafKey: bob.leafPublicKey, signature: leaveSignature }],
    ['leave-done', { kind: 'done' }],
    ['leave-refused', { kind: 'refused', code: 'last-owner' }],
  ),
  ...exchange(
    returnRpc,
    ['return-request', { groupId: GROUP, ...fresh }],
    ['return-welcome', { kind: 'welcome', welcome: utf8('a Welcome'), commits: [] }],
    ['return-leaf', { kind: 'leaf', leafKey: bob.leafPublicKey }],
    ['return-refused', { kind: 'refused', code: 'not-member' }],
  ),
  ...exchange(
    welcomeRpc,
    ['welcome-offers', { kind: 'offers', groupId: GROUP, own: null, have: [{ memberId: bob.memberId, at: NOON - DAY }] }],
    ['welcome-offers-answer', { kind: 'offers', offers: [offer] }],
  ),
  ...exchange(
    welcomeRpc,
    ['welcome-call', { kind: 'call', groupId: GROUP, call }],
    ['welcome-done', { kind: 'done' }],
    ['welcome-return', { kind: 'return', keyPackage: utf8('a key package'), signature: callSignature }],
    ['welcome-refused', { kind: 'refused' }],
  ),
]
