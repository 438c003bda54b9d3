import * as z from 'zod'
import type { Eid } from '../../../../shared/domain/ids.ts'
import { fromHex, toHex } from '../../../kernel/bytes.ts'
import { fromCbor } from '../../../kernel/cbor.ts'
import { plainData } from '../../../sync/group/change-group.ts'
import { encodeLink, parseLink } from '../../../sync/invitations/link.ts'
import type { InvitationLink } from '../../../sync/invitations/link.ts'
import { encodeLeaveData, isLeave, leaveRequestOf } from '../../../sync/members/leave-claim.ts'
import { decodeSettings, encodeSettings } from '../../../sync/policy/settings.ts'
import { withAdmission, withHistory } from '../../../sync/policy/transitions.ts'
import { encodeReturnData, returnProblem } from '../../../sync/returning/claim.ts'
import { change, person } from '../../fixtures/space-settings.ts'
import { cborParts } from '../annotated.ts'
import type { Names } from '../annotated.ts'
import { cborExample, valuesExample } from '../example.ts'
import type { Example } from '../example.ts'
import { annPeer, bob, DAY, GROUP, INVITATION, INVITATION_SEED, NOON, settings, settingsUnder } from '../people.ts'
import { admission } from '../scene.ts'
import type { Scene } from '../scene.ts'
import { leaveSignature, returnReference, returnSignature, oldLeafKey } from './claims.ts'

const link: InvitationLink = {
  groupId: GROUP,
  invitationId: INVITATION,
  seed: INVITATION_SEED,
  expiresAt: NOON + 7 * DAY,
  spaceName: 'Friends',
  peers: [{ peerId: annPeer, addresses: ['/ip4/192.168.1.5/tcp/4001'] }],
}
const linkText = encodeLink(link)

const names: Names = {
  'channels.*': ['id', 'name', 'kind'],
  'roles.*': ['member', 'role'],
  'invitations.*': ['id', 'public key', 'role', 'made by', 'ends at', 'most uses', 'uses', 'revoked'],
  admission: ['invitation', 'request', 'member', 'at', 'signature'],
  history: ['kind', 'count'],
}
const linkNames: Names = { '': ['format', 'group', 'invitation', 'seed', 'ends at', 'space', 'peers'], 'peers.*': ['peer', 'addresses'] }
const codec = { encode: encodeSettings, decode: decodeSettings }

/** What is in links, in the settings of a group and in what commits are sent with. */
export function documentExamples({ annGroup }: Scene): readonly Example[] {
  const eid: Eid = annGroup.tip.row.tip
  const plain = plainData(annGroup)
  const leave = encodeLeaveData(eid, bob.leafPublicKey, leaveSignature)
  const comeBack = encodeReturnData(eid, returnSignature)
  const leaving = (authenticatedData: Uint8Array) => ({
    ...change('owner', settings, settings, { removed: [{ ...person('member'), memberId: bob.memberId, signatureKey: bob.leafPublicKey }] }),
    authenticatedData,
  })
  const returning = (authenticatedData: Uint8Array) => {
    const [fresh, old] = [
      { ...person('member'), signatureKey: bob.leafPublicKey, reference: returnReference },
      { ...person('member'), signatureKey: oldLeafKey },
    ]
    return change('owner', settings, settings, { added: [fresh], removed: [old], authenticatedData })
  }
  return [
    valuesExample('link', { link: linkText }, (values) => {
      const read = parseLink(values.get('link') ?? '')
      return read !== null && encodeLink(read) === linkText && read.spaceName === link.spaceName && toHex(read.seed) === toHex(link.seed)
    }),
    {
      kind: 'hex',
      name: 'link-body',
      parts: cborParts(new Uint8Array(Buffer.from(linkText.replace(/^.*\//, ''), 'base64url')), linkNames),
      read: (bytes) => parseLink(`spacepanda:join/${Buffer.from(bytes).toString('base64url')}`),
      value: link,
    },
    cborExample('settings-1', withAdmission(settings, admission), codec, names),
    cborExample('settings-2', withHistory({ ...settings, invitations: [] }, { kind: 'last', count: 50 }), codec, names),
    cborExample('settings-under', settingsUnder, codec, names),
    {
      kind: 'hex',
      name: 'commit-data-1',
      parts: cborParts(plain, { '': ['format', 'parent'] }),
      read: (bytes) => fromCbor(bytes, z.tuple([z.literal(1), z.instanceof(Uint8Array)])),
      value: [1, fromHex(eid)],
    },
    {
      kind: 'hex',
      name: 'commit-data-2',
      parts: cborParts(comeBack, { '': ['format', 'parent', 'signature'] }),
      // The parent is there for people who look: nobody judges by it.
      read: (bytes) => [returnProblem(GROUP, returning(bytes)), toHex(bytes.subarray(3, 19))],
      value: [null, eid],
    },
    {
      kind: 'hex',
      name: 'commit-data-3',
      parts: cborParts(leave, { '': ['format', 'parent', 'leaf key', 'signature'] }),
      read: (bytes) => [isLeave(leaving(bytes)), leaveRequestOf(leaving(bytes)), toHex(bytes.subarray(3, 19))],
      value: [true, { memberId: bob.memberId, leafKey: bob.leafPublicKey, signature: leaveSignature }, eid],
    },
  ]
}
