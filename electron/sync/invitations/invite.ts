import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { carryOut } from '../intents/carry-out.ts'
import { mayGrant } from '../policy/roles.ts'
import { invitationPublicKey } from './keys.ts'
import { encodeLink } from './link.ts'
import { noteMade } from './made.ts'

export interface InvitationWish {
  role: Role
  maxUses: number | null
  expiresAt: number
  /** Members to ask, ourselves first. */
  peers: PeerAddress[]
}

/** Makes an invitation; durable, its link included, when this resolves. */
export function invite(group: LiveGroup, wish: InvitationWish): Promise<InvitationId> {
  return group.exclusive(async () => {
    group.demand('invite', 'invite people')
    const { random, clock } = group.deps
    const { settings } = group.tip
    if (!mayGrant(settings.roles.get(group.self) ?? 'guest', wish.role)) {
      throw new AppError('not-permitted', 'You can invite people only to roles up to your own.')
    }
    const invitationId = random.id<InvitationId>()
    const seed = random.bytes(32)
    const { role, maxUses, expiresAt, peers } = wish
    const invitation = {
      invitationId,
      publicKey: invitationPublicKey(seed),
      role,
      createdBy: group.self,
      expiresAt,
      maxUses,
      uses: 0,
      revoked: false,
    }
    const link = encodeLink({ groupId: group.groupId, invitationId, seed, expiresAt, spaceName: settings.name, peers })
    await carryOut(group, { kind: 'invite', invitation }, (tx) => {
      tx.invitations.putLink(group.groupId, invitationId, link)
      noteMade(tx, group.groupId, invitationId, clock.now(), settings.invitations)
    })
    return invitationId
  })
}

/** Ends an invitation for everyone who learns of it. */
export function revoke(group: LiveGroup, invitationId: InvitationId): Promise<void> {
  return group.exclusive(async () => {
    await carryOut(group, { kind: 'revoke', invitationId })
  })
}
