import { createHash } from 'node:crypto'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from '../../../identity/index.ts'
import { fromHex, utf8 } from '../../../kernel/bytes.ts'
import { toCbor } from '../../../kernel/cbor.ts'
import type { Welcomer } from '../../../ports/wire.ts'
import { readWelcomer, signWelcomer } from '../../../sync/invitations/welcomer.ts'
import { signLeave } from '../../../sync/members/leave-claim.ts'
import { signPresented, signReturn } from '../../../sync/returning/claim.ts'
import { offerStatement } from '../../../sync/under/offers.ts'
import { cborParts } from '../annotated.ts'
import type { HexExample } from '../example.ts'
import {
  ann,
  annPeer,
  bob,
  bobPeer,
  bobUnder,
  bobUnderLeaf,
  fill,
  GROUP,
  INVITATION,
  invitation,
  NOON,
  REQUEST,
  secretsOf,
  UNDER,
} from '../people.ts'
import { admission } from '../scene.ts'
import type { Scene } from '../scene.ts'

/** Bob's leaf before he came back, and the name of the key package with the fresh one. */
export const oldLeafKey = ed25519PublicKey(fill(0x0e))
export const returnReference = 'ef'.repeat(32)

/** What Bob offers for what is under the space, and the fresh leaf with which he answers a call. */
export const offeredReference = 'ee'.repeat(32)
export const offerSignature = ed25519Sign(bobUnderLeaf, offerStatement(GROUP, NOON, [offeredReference]))
export const callSignature = signReturn(bobUnderLeaf, { groupId: UNDER, leafKey: oldLeafKey, reference: returnReference })

export const leaveSignature = signLeave(secretsOf.bob.leaf, { groupId: GROUP, leafKey: bob.leafPublicKey })
export const returnSignature = signReturn(secretsOf.bob.leaf, { groupId: GROUP, leafKey: oldLeafKey, reference: returnReference })

/** Bob's peer says that the fresh leaf is its own. */
const freshPackage = utf8('a key package')
export const presentedSignature = signPresented(secretsOf.bob.leaf, GROUP, freshPackage, bobPeer)

/** What is signed: it is what the real signature is over, so that no other bytes pass. */
export const signed = (
  name: string,
  statement: Readonly<Record<string, unknown>>,
  publicKey: Uint8Array,
  signature: Uint8Array,
): HexExample => ({
  kind: 'hex',
  name,
  parts: cborParts(toCbor(Object.values(statement)), { '': Object.keys(statement) }),
  read: (bytes) => ed25519Verify(publicKey, bytes, signature),
  value: true,
})

const group = fromHex(GROUP)

/** Ann gives the Welcome to Bob, who asks from his peer. */
const giving = { requestId: REQUEST, giver: annPeer, asker: bobPeer }
const given = toCbor([fromHex(REQUEST), annPeer, bobPeer])
const saidByMember = (what: string, bytes: Uint8Array): Uint8Array => toCbor(['SpacePanda member signs', what, group, bytes])
export const welcomer: Welcomer = { leafIndex: 0, signature: ed25519Sign(secretsOf.ann.leaf, saidByMember('spacepanda/welcomer/1', given)) }

/** What Ann's engine signs, and Bob's takes for hers. */
export const welcomerExamples = ({ engine, annGroup, bobGroup }: Scene): readonly HexExample[] => [
  {
    kind: 'hex',
    name: 'welcomer-claim',
    parts: cborParts(given, { '': ['request', 'who gives', 'who asks'] }),
    read: (bytes) => {
      const by = signWelcomer(engine, annGroup.tip.state, giving)
      const holds = ed25519Verify(ann.leafPublicKey, saidByMember('spacepanda/welcomer/1', bytes), by.signature)
      return holds && readWelcomer(engine, bobGroup.tip.state, giving, by)
    },
    value: ann.memberId,
  },
]

/** What somebody signs to be let in, to come back and to leave, and of what they offer. */
export const claimExamples: readonly HexExample[] = [
  signed(
    'join-claim',
    {
      label: 'spacepanda/join/1',
      group,
      invitation: fromHex(INVITATION),
      request: fromHex(REQUEST),
      member: fromHex(bob.memberId),
      device: fromHex(bob.deviceId),
    },
    invitation.publicKey,
    admission.signature,
  ),
  signed('leave-claim', { label: 'spacepanda/leave/1', group, 'leaf key': bob.leafPublicKey }, bob.leafPublicKey, leaveSignature),
  signed(
    'return-claim',
    { label: 'spacepanda/return/1', group, 'old leaf key': oldLeafKey, reference: fromHex(returnReference) },
    bob.leafPublicKey,
    returnSignature,
  ),
  signed(
    'fresh-claim',
    { label: 'spacepanda/fresh/1', group, 'hash of the key package': createHash('sha256').update(freshPackage).digest(), peer: bobPeer },
    bob.leafPublicKey,
    presentedSignature,
  ),
  signed(
    'offer-statement',
    { label: 'spacepanda/offer/1', space: group, at: NOON, references: [fromHex(offeredReference)] },
    bobUnder.leafPublicKey,
    offerSignature,
  ),
]
