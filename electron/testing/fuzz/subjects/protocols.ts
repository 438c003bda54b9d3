import type { ChannelId, Eid, GroupId, InvitationId, MemberId, MessageId } from '../../../../shared/domain/ids.ts'
import { utf8 } from '../../../kernel/bytes.ts'
import { frontierRpc } from '../../../network/protocols/frontier/frontier-rpc.ts'
import { handOverRpc } from '../../../network/protocols/hand-over/hand-over-rpc.ts'
import { helloRpc } from '../../../network/protocols/hello/hello-rpc.ts'
import { hintsRpc } from '../../../network/protocols/hints/hints-rpc.ts'
import { joinRpc } from '../../../network/protocols/join/join-rpc.ts'
import { objectsRpc } from '../../../network/protocols/objects/objects-rpc.ts'
import { historyRpc } from '../../../network/protocols/history/history-rpc.ts'
import { MIN_SEALED_BYTES } from '../../../network/protocols/mailbox/constants.ts'
import { mailboxRpc } from '../../../network/protocols/mailbox/mailbox-rpc.ts'
import { leaveRpc } from '../../../network/protocols/leave/leave-rpc.ts'
import { returnRpc } from '../../../network/protocols/return/return-rpc.ts'
import type { Rpc } from '../../../network/protocols/rpc.ts'
import { welcomeRpc } from '../../../network/protocols/welcome/welcome-rpc.ts'
import { MARK_BYTES } from '../../../ports/mailbox.ts'
import type { Frontier, MemberOffer, PeerHint, PresentedLeaf, WireObject } from '../../../ports/wire.ts'
import { seededRandom } from '../../mls/seeded.ts'
import type { Subject } from '../subject.ts'
import { cborStructure } from './cbor.ts'

const random = seededRandom('wire')
const group = random.id<GroupId>()
const [tag, nonce, signature] = [random.bytes(32), random.bytes(32), random.bytes(64)]
const fresh: PresentedLeaf = { leafKey: tag, keyPackage: random.bytes(300), signature, peer: signature }

const frontier = (senders: Frontier['senders']): Frontier => ({
  groupId: group,
  eid: random.id<Eid>(),
  epoch: 300,
  joinedEpoch: 4,
  roots: [random.id<Eid>()],
  known: [random.id<Eid>(), random.id<Eid>()],
  senders,
})
const hint = (letter: string): PeerHint => ({ memberId: random.id<MemberId>(), record: utf8(`a record of ${letter}`) })
const hints = { groupId: group, hints: [hint('a'), hint('b')] }
const object = (size: number): WireObject => ({ eid: random.id<Eid>(), bytes: random.bytes(size) })

const offer = (): MemberOffer => ({
  ...{ memberId: random.id<MemberId>(), at: 1_750_000_000_000, signature },
  packages: [random.bytes(300), random.bytes(40)],
})

/** What both ends of a protocol read. Each answer is read as one to the first request. */
function ends<Q, R>(name: string, rpc: Rpc<Q, R>, requests: readonly [Q, ...Q[]], responses: readonly R[]): Subject[] {
  return [
    {
      name: `${name}: request`,
      samples: requests.map((request) => rpc.encodeRequest(request)),
      structure: cborStructure,
      decode: (bytes) => rpc.decodeRequest(bytes) !== null,
    },
    {
      name: `${name}: response`,
      samples: responses.map((response) => rpc.encodeResponse(response)),
      structure: cborStructure,
      decode: (bytes) => rpc.decodeResponse(bytes, requests[0]) !== null,
    },
  ]
}

const proofs = [{ tag, leafIndex: 7, signature }]
const hello = (step: Parameters<typeof helloRpc.encodeRequest>[0], answer: Parameters<typeof helloRpc.encodeResponse>[0]) =>
  ends(`hello, ${step.kind}`, helloRpc, [step], [answer])

/** By folder of `electron/network/protocols`. */
export const protocolSubjects: Readonly<Record<string, readonly Subject[]>> = {
  frontier: ends(
    'frontier',
    frontierRpc,
    [{ ...frontier([]), inReturn: true }, frontier([{ memberId: random.id<MemberId>(), seq: 9, ahead: [11, 12, 20, 20] }])],
    [frontier([{ memberId: random.id<MemberId>(), seq: 70_000 }]), frontier([])],
  ),
  'hand-over': ends(
    'hand-over',
    handOverRpc,
    [
      { groupId: group, contents: [random.bytes(90)] },
      { groupId: group, contents: [random.bytes(9), random.bytes(300)] },
    ],
    [['stored'], ['later']],
  ),
  hello: [
    ...hello({ kind: 'open', versions: [1, 2], nonce }, { kind: 'opened', version: 2, nonce }),
    ...hello({ kind: 'tags', tags: [tag, nonce] }, { kind: 'proofs', proofs }),
    ...hello({ kind: 'proofs', proofs }, { kind: 'accepted', tags: [tag] }),
  ],
  hints: ends('hints', hintsRpc, [hints], [hints, { groupId: group, hints: [] }]),
  history: ends(
    'history',
    historyRpc,
    [
      { groupId: group, after: null },
      { groupId: group, after: { channelId: random.id<ChannelId>(), lamport: 77, messageId: random.id<MessageId>() } },
    ],
    [
      {
        kind: 'page',
        messages: [{ author: random.id<MemberId>(), name: 'Ann', content: random.bytes(90) }],
        next: { channelId: random.id<ChannelId>(), lamport: 70, messageId: random.id<MessageId>() },
      },
      { kind: 'none' },
      { kind: 'later', afterMs: 5_000 },
    ],
  ),
  leave: ends(
    'leave',
    leaveRpc,
    [{ groupId: group, memberId: random.id<MemberId>(), leafKey: tag, signature }],
    [{ kind: 'done' }, { kind: 'later', afterMs: 5_000 }, { kind: 'refused', code: 'last-owner' }],
  ),
  join: ends(
    'join',
    joinRpc,
    [
      {
        groupId: group,
        invitationId: random.id<InvitationId>(),
        requestId: random.id<string>(),
        keyPackages: [random.bytes(300), random.bytes(40)],
        signature,
        fresh,
      },
    ],
    [
      { kind: 'leaf', leafKey: tag },
      {
        kind: 'welcome',
        welcome: random.bytes(500),
        commits: [object(80), object(20)],
        peers: [hint('c')],
        by: { leafIndex: 2, signature },
      },
      { kind: 'refused', code: 'invitation-expired' },
      { kind: 'later', afterMs: 5_000 },
    ],
  ),
  mailbox: [
    ...ends(
      'mailbox',
      mailboxRpc,
      [{ kind: 'get', tag, at: 77, after: 5, signature }],
      [
        {
          kind: 'page',
          objects: [random.bytes(MIN_SEALED_BYTES), random.bytes(MIN_SEALED_BYTES)],
          next: 9,
          more: true,
          mark: random.bytes(MARK_BYTES),
          nextMark: random.bytes(MARK_BYTES),
        },
        { kind: 'later', afterMs: 5_000 },
        { kind: 'refused', code: 'clock' },
      ],
    ),
    ...ends(
      'mailbox, put',
      mailboxRpc,
      [{ kind: 'put', tag, at: 77, objects: [random.bytes(MIN_SEALED_BYTES)], signature }],
      [{ kind: 'stored', receipts: [{ storedAt: 77, keptUntil: 99, signature }] }],
    ),
  ],
  objects: ends(
    'objects',
    objectsRpc,
    [
      { groupId: group, objects: [object(30), object(200)] },
      { groupId: group, objects: [object(3_000)] },
    ],
    [
      ['stored', 'unknown-epoch'],
      ['later', 'rejected'],
    ],
  ),
  return: ends(
    'return',
    returnRpc,
    [{ groupId: group, ...fresh }],
    [
      { kind: 'welcome', welcome: random.bytes(500), commits: [object(80)] },
      { kind: 'leaf', leafKey: tag },
      { kind: 'later', afterMs: 5_000 },
      { kind: 'refused', code: 'not-member' },
    ],
  ),
  welcome: [
    ...ends(
      'welcome, a call',
      welcomeRpc,
      [
        {
          ...{ kind: 'call', groupId: group },
          call: { group: random.id<GroupId>(), leafKey: tag, welcome: random.bytes(500), commits: [object(80)] },
        },
        { kind: 'call', groupId: group, call: { group: random.id<GroupId>(), leafKey: tag, welcome: null, commits: [] } },
      ],
      [
        { kind: 'done' },
        { kind: 'return', keyPackage: random.bytes(300), signature },
        { kind: 'later', afterMs: 5_000 },
        { kind: 'refused' },
      ],
    ),
    ...ends(
      'welcome, offers',
      welcomeRpc,
      [
        { kind: 'offers', groupId: group, own: offer(), have: [{ memberId: random.id<MemberId>(), at: 1_750_000_000_000 }] },
        { kind: 'offers', groupId: group, own: null, have: [] },
      ],
      [
        { kind: 'offers', offers: [offer(), offer()] },
        { kind: 'later', afterMs: 5_000 },
      ],
    ),
  ],
}
