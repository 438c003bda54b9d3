import type { GroupId, InvitationId, MessageId } from '../../../shared/domain/ids.ts'
import { assembleIdentity } from '../../identity/create-local-identity.ts'
import { certifiedFor } from '../../identity/index.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { peerIdOf } from '../../network/create-network.ts'
import { sealRecord } from '../../network/libp2p/signed-record.ts'
import { toPrivateKey } from '../../network/libp2p/transport-key.ts'
import { invitationPublicKey } from '../../sync/invitations/keys.ts'
import { newChannelId } from '../../sync/policy/channel-id.ts'
import type { InvitationSettings, SpaceSettings } from '../../sync/policy/settings.ts'
import { idOf } from '../fixtures/space-settings.ts'

/** Who and what the examples of docs/protocol.md speak of. Secrets are one byte over and over. */

export const fill = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)

export const GROUP = idOf<GroupId>(0xa0)
/** A private channel under it. */
export const UNDER = idOf<GroupId>(0xa1)
export const CHANNEL = newChannelId(GROUP, { bytes: (length) => fill(0xc0, length) })
export const INVITATION = idOf<InvitationId>(0xd0)
export const REQUEST = idOf<string>(0xe0)
export const MESSAGE = idOf<MessageId>(0xf0)
export const NOON = Date.UTC(2026, 10, 26, 12)
export const DAY = 24 * 3_600_000

export const secretsOf = {
  ann: { identity: fill(1), device: fill(2), leaf: fill(3) },
  bob: { identity: fill(4), device: fill(5), leaf: fill(6) },
}

const person = (name: string, { identity, device, leaf }: typeof secretsOf.ann, groupId: GroupId = GROUP) =>
  assembleIdentity({ groupId, name, identitySecret: identity, deviceSecret: device, leafSecret: leaf })
export const ann = person('Ann', secretsOf.ann)
export const bob = person('Bob', secretsOf.bob)
/** Bob with the leaf that he offers for what is under the space, and Ann with hers. */
export const certifiedUnder = certifiedFor({ groupId: UNDER, parent: GROUP })
export const bobUnderLeaf = fill(0x0f)
export const annUnder = person('Ann', { ...secretsOf.ann, leaf: fill(0x10) }, certifiedUnder)
export const bobUnder = person('Bob', { ...secretsOf.bob, leaf: bobUnderLeaf }, certifiedUnder)

export const INVITATION_SEED = fill(7)
export const annPeer = await peerIdOf(new Redacted(fill(9)))
/** Where Ann is, signed by her peer. */
export const annRecord = await sealRecord(await toPrivateKey(new Redacted(fill(9))), ['/ip4/192.168.1.5/tcp/4001'], NOON)
export const bobPeer = await peerIdOf(new Redacted(fill(10)))

export const invitation: InvitationSettings = {
  invitationId: INVITATION,
  publicKey: invitationPublicKey(INVITATION_SEED),
  role: 'member',
  createdBy: ann.memberId,
  expiresAt: NOON + 7 * DAY,
  maxUses: 5,
  uses: 0,
  revoked: false,
}

/** Ann's space before Bob comes. */
export const settings: SpaceSettings = {
  kind: 'space',
  name: 'Friends',
  createdAt: NOON,
  presenceKey: fill(8),
  earlierKeys: [],
  channels: [{ channelId: CHANNEL, name: 'general', kind: 'open' }],
  roles: new Map([[ann.memberId, 'owner']]),
  invitations: [invitation],
  admission: null,
  history: { kind: 'none' },
}

/** Of a private channel of Ann and Bob under it. */
export const settingsUnder: SpaceSettings = {
  ...settings,
  kind: 'private',
  name: 'garden',
  channels: [{ channelId: newChannelId(UNDER, { bytes: (length) => fill(0xc1, length) }), name: 'garden', kind: 'private' }],
  roles: new Map([
    [ann.memberId, 'owner'],
    [bob.memberId, 'member'],
  ]),
  invitations: [],
}
