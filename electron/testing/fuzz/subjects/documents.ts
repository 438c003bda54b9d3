import { createHash } from 'node:crypto'
import { decode } from 'cborg'
import type { ChannelId, GroupId, MemberId, PeerId } from '../../../../shared/domain/ids.ts'
import { aes256Gcm } from '../../../crypto/mls/provider/aead.ts'
import { createLocalIdentity, verifyCredential } from '../../../identity/index.ts'
import { concatBytes, fromUtf8, utf8 } from '../../../kernel/bytes.ts'
import { fromCbor, toCbor } from '../../../kernel/cbor.ts'
import { toDialable } from '../../../network/libp2p/addresses.ts'
import { readRelayAddress } from '../../../network/libp2p/relay-address.ts'
import { openRecord } from '../../../network/libp2p/signed-record.ts'
import { decodeBackupHeader, encodeBackupHeader } from '../../../storage/backup/header.ts'
import { DIGEST_BYTES, PRELUDE_BYTES } from '../../../storage/backup/layout.ts'
import { decodeHeader, encodeHeader } from '../../../storage/key-file/header.ts'
import type { PassphraseWrap } from '../../../storage/key-file/header.ts'
import { decodeContent, encodeContent } from '../../../sync/content/mimi-content.ts'
import { LINK_PREFIX } from '../../../../shared/domain/pasted-link.ts'
import { encodeLink, parseLink } from '../../../sync/invitations/link.ts'
import { dayKeys } from '../../../sync/mailbox/day-keys.ts'
import { seal, unseal } from '../../../sync/mailbox/seal.ts'
import { authorise } from '../../../sync/policy/authorise.ts'
import { decodeSettings, encodeSettings } from '../../../sync/policy/settings.ts'
import { encodeLeaveData, leaveProblem, signLeave } from '../../../sync/members/leave-claim.ts'
import { encodeReturnData, returnProblem, signReturn } from '../../../sync/returning/claim.ts'
import * as z from 'zod'
import { AT, change, claim, GROUP, idOf, invitation, people, person, REQUEST, settings, signed } from '../../fixtures/space-settings.ts'
import { seededRandom } from '../../mls/seeded.ts'
import { annRecord } from '../../protocol-document/people.ts'
import type { Structure, Subject } from '../subject.ts'
import { cborStructure } from './cbor.ts'
import { updateSubjects } from './updates.ts'

/** What travels inside of messages, links, commits and files. */

const random = seededRandom('documents')
const peerId = '12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx' as PeerId
const TEXTUAL = new TextDecoder()
const asText = (bytes: Uint8Array): string => TEXTUAL.decode(bytes)

const content = (text: string, reply: boolean): Uint8Array =>
  encodeContent({
    salt: random.bytes(16),
    inReplyTo: reply ? random.bytes(16) : null,
    topicId: random.bytes(16),
    extensions: { seq: reply ? 9 : 1, prev: reply ? { object: random.bytes(32), epoch: 4 } : null, lamport: AT, sentAt: AT },
    text,
  })

const admitted = settings({
  roles: new Map([...settings().roles, [people.newcomer, 'member'] as const]),
  invitations: [invitation({ uses: 1 })],
  admission: { invitationId: claim().invitationId, requestId: REQUEST, memberId: people.newcomer, at: AT, signature: signed() },
})
const admitting = change('moderator', settings(), admitted, { added: [person('newcomer')] })
const manyRoles = settings({
  channels: [{ channelId: idOf<ChannelId>(0xd2), name: 'Überall 🐼', kind: 'private' }],
  roles: new Map(Array.from({ length: 30 }, () => [random.id<MemberId>(), 'member'] as const)),
  invitations: [],
})

const link = encodeLink({
  groupId: GROUP,
  invitationId: idOf(0xc0),
  seed: random.bytes(32),
  expiresAt: AT,
  spaceName: 'Friends',
  peers: [{ peerId, addresses: ['/ip4/192.168.1.5/tcp/4001', '/ip4/127.0.0.1/tcp/4001'] }],
})
const linkStructure: Structure = {
  loose: true,
  open: (bytes): unknown => decode(Buffer.from(asText(bytes).slice(LINK_PREFIX.length), 'base64url')),
  close: (value) => utf8(LINK_PREFIX + Buffer.from(toCbor(value)).toString('base64url')),
}

const seed = random.bytes(32)
const returning = (() => {
  const { leafPublicKey, leafSecret } = createLocalIdentity(GROUP, 'Ann', random)
  const [fresh, old] = [{ ...person('member', 9), signatureKey: leafPublicKey }, person('member')]
  const signature = signReturn(leafSecret.reveal(), { groupId: GROUP, leafKey: old.signatureKey, reference: fresh.reference })
  return {
    ...change('owner', settings(), settings(), { added: [fresh], removed: [old] }),
    authenticatedData: encodeReturnData(idOf(1), signature),
  }
})()

const leaving = (() => {
  const { leafPublicKey, leafSecret } = createLocalIdentity(GROUP, 'Ann', random)
  const gone = { ...person('member'), signatureKey: leafPublicKey }
  const signature = signLeave(leafSecret.reveal(), { groupId: GROUP, leafKey: leafPublicKey })
  return {
    ...change('owner', settings(), settings(), { removed: [gone] }),
    authenticatedData: encodeLeaveData(idOf(1), leafPublicKey, signature),
  }
})()

const ann = createLocalIdentity(GROUP, 'Ann', random)
const bob = createLocalIdentity(idOf<GroupId>(0xa1), 'Bob Ünïcode', random)

const wrap: PassphraseWrap = {
  kind: 'passphrase',
  kdf: { name: 'argon2id', memoryKiB: 65_536, iterations: 3, parallelism: 1, salt: '00'.repeat(16) },
  nonce: '11'.repeat(12),
  sealed: '22'.repeat(48),
}
const backup = encodeBackupHeader({
  createdAt: AT,
  database: { bytes: 40_960, spaces: 2, messages: 300 },
  salt: seed.subarray(0, 16),
  keyCheck: seed.subarray(16),
  wraps: [wrap],
})
/** The hash in it is made to fit again: it keeps out accidents, not people. */
const backupStructure: Structure = {
  loose: true,
  open: (bytes): unknown => decode(bytes.subarray(PRELUDE_BYTES, bytes.length - DIGEST_BYTES)),
  close(value) {
    const body = toCbor(value)
    const start = Buffer.concat([backup.subarray(0, PRELUDE_BYTES), body])
    start.writeUInt32BE(body.length, PRELUDE_BYTES - 4)
    return new Uint8Array(Buffer.concat([start, createHash('sha256').update(start).digest()]))
  },
}

const jsonStructure: Structure = {
  loose: true,
  open: (bytes) => JSON.parse(fromUtf8(bytes)) as unknown,
  close: (value) => utf8(JSON.stringify(value)),
}

/** A peer's address book entry: its id and addresses, one a line. */
const dialable = (bytes: Uint8Array): boolean => {
  const addresses = asText(bytes).split('\n')
  return toDialable({ peerId, addresses }, { nearOnly: false, hosts: [] }).length > 0
}
const certhash = 'uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ'

const mailboxKeys = dayKeys(GROUP, random.bytes(32), 20_000)
const sealedObjects = [40, 3_000].map((size) => seal(mailboxKeys, { eid: idOf(0xb1), bytes: random.bytes(size) }))
/** Whoever has the keys, as every member has, seals what they like. */
const sealedStructure: Structure = {
  loose: false,
  open: (bytes): unknown => aes256Gcm.open(mailboxKeys.sealingKey, bytes.subarray(0, 12), mailboxKeys.tag, bytes.subarray(12)),
  close(value) {
    const plain = value instanceof Uint8Array ? value : new Uint8Array()
    const nonce = new Uint8Array(12)
    return concatBytes(nonce, aes256Gcm.seal(mailboxKeys.sealingKey, nonce, mailboxKeys.tag, plain))
  },
}
const opensAsObject = (bytes: Uint8Array): boolean => unseal(mailboxKeys, bytes) !== null

export const documentSubjects: readonly Subject[] = [
  ...updateSubjects,
  {
    name: 'CBOR',
    samples: [toCbor([1, { a: [null, true] }])],
    structure: cborStructure,
    decode: (bytes) => fromCbor(bytes, z.unknown()) !== null,
  },
  {
    name: 'content of a message',
    samples: [content('hello', false), content('Grüße 🐼\n\n', true), content('', true)],
    structure: cborStructure,
    decode: (bytes) => decodeContent(bytes) !== null,
  },
  {
    name: 'settings of a space',
    samples: [settings(), admitted, manyRoles].map(encodeSettings),
    structure: cborStructure,
    decode: (bytes) => decodeSettings(bytes) !== null,
  },
  {
    name: 'a commit, judged by the settings it brings',
    samples: [encodeSettings(admitted)],
    structure: cborStructure,
    decode: (bytes) => authorise(GROUP)({ ...admitting, settingsAfter: bytes }) === null,
  },
  {
    name: 'the claim of a return',
    samples: [returning.authenticatedData],
    structure: cborStructure,
    decode: (bytes) => returnProblem(GROUP, { ...returning, authenticatedData: bytes }) === null,
  },
  {
    name: 'the claim of who leaves',
    samples: [leaving.authenticatedData],
    structure: cborStructure,
    decode: (bytes) => leaveProblem(GROUP, { ...leaving, authenticatedData: bytes }) === null,
  },
  {
    name: 'an invitation link',
    samples: [utf8(link)],
    structure: linkStructure,
    decode: (bytes) => parseLink(asText(bytes)) !== null,
  },
  {
    name: 'the credential of a leaf',
    samples: [ann.credential],
    structure: cborStructure,
    decode: (bytes) => verifyCredential(bytes, GROUP, ann.leafPublicKey) !== null,
  },
  {
    name: 'the credential of another leaf',
    samples: [bob.credential],
    structure: cborStructure,
    decode: (bytes) => verifyCredential(bytes, bob.groupId, bob.leafPublicKey) !== null,
  },
  {
    name: 'addresses of a peer',
    samples: [
      `/ip4/10.0.0.1/tcp/4001/p2p/${peerId}\n/ip6/2001:db8::5/tcp/1`,
      `/ip4/192.168.1.5/udp/4002/webrtc-direct/certhash/${certhash}/p2p/${peerId}`,
      '/dns4/example.org/tcp/1/ws\n/ip4/1.2.3.4/udp/1/quic-v1/webtransport',
    ].map(utf8),
    structure: null,
    decode: dialable,
  },
  { name: 'an object out of a mailbox', samples: sealedObjects, structure: null, decode: opensAsObject },
  { name: 'inside an object out of a mailbox', samples: sealedObjects, structure: sealedStructure, decode: opensAsObject },
  {
    name: 'an address of a relay',
    samples: [`/ip4/203.0.113.7/tcp/4001/p2p/${peerId}`, `/ip6/2001:db8::5/tcp/443/ws/p2p/${peerId}`].map(utf8),
    structure: null,
    decode: (bytes) => typeof readRelayAddress(asText(bytes)) !== 'string',
  },
  {
    name: 'a signed record',
    samples: [annRecord],
    structure: null,
    decode: async (bytes) => (await openRecord(bytes)) !== null,
  },
  {
    name: 'the beginning of a backup',
    samples: [backup],
    structure: backupStructure,
    decode: (bytes) => decodeBackupHeader(bytes).kind === 'header',
  },
  {
    name: 'a key file',
    samples: [encodeHeader({ generation: 3, keyId: '33'.repeat(16), database: 'made', wraps: [wrap] })],
    structure: jsonStructure,
    decode: (bytes) => decodeHeader(asText(bytes)).kind === 'present',
  },
]
