import { beforeEach, describe, expect, it } from 'vitest'
import type { InvitationId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { bring, HOUR, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { invite, revoke } from './invite.ts'
import { invitationPublicKey } from './keys.ts'

let world: World
let ann: Device
beforeEach(async () => {
  world = await makeWorld('invite')
  ann = await world.found('Ann')
})

const wish = (role: Role) => ({
  role,
  maxUses: 3,
  expiresAt: world.clock.now() + HOUR,
  peers: [{ peerId: '12D3KooW'.padEnd(52, 'A') as never, addresses: [] }],
})
const invitations = (device: Device) => device.group.tip.settings.invitations

describe('making an invitation', () => {
  it('puts the public half into the group and the private half into the link', async () => {
    const link = await linkOf(ann, 'guest', { maxUses: 3 })
    expect(invitations(ann)).toEqual([
      {
        invitationId: link.invitationId,
        publicKey: invitationPublicKey(link.seed),
        role: 'guest',
        createdBy: ann.group.self,
        expiresAt: world.clock.now() + HOUR,
        maxUses: 3,
        uses: 0,
        revoked: false,
      },
    ])
    expect(link).toMatchObject({ groupId: SPACE, spaceName: 'Friends', expiresAt: world.clock.now() + HOUR })
  })

  it('is durable with its link, or not at all', async () => {
    ann.store.failNext()
    await expect(invite(ann.group, wish('member'))).rejects.toThrow('disk is full')
    expect(invitations(ann)).toEqual([])
    const id = await invite(ann.group, wish('member'))
    ann.restart()
    expect(invitations(ann)).toHaveLength(1)
    expect(ann.store.invitations.link(SPACE, id)).toMatch(/^spacepanda:join\//)
  })

  it('is for those who may invite, and to no more than they are', async () => {
    const guest = await world.join(ann, 'Gus', 'guest')
    await expect(invite(guest.group, wish('guest'))).rejects.toMatchObject({ code: 'not-permitted' })
    const member = await world.join(ann, 'Mia', 'member')
    await expect(invite(member.group, wish('moderator'))).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(invite(ann.group, wish('owner'))).rejects.toMatchObject({ code: 'not-permitted' })
    expect(invitations(guest)).toHaveLength(1)
    expect(guest.events).toEqual([])
    await expect(invite(member.group, wish('guest'))).resolves.toBeTruthy()
  })
})

describe('revoking an invitation', () => {
  it('ends it for all who hear of it, and once', async () => {
    const link = await linkOf(ann, 'member')
    const bob = await world.join(ann, 'Bob')
    await revoke(ann.group, link.invitationId)
    const { epoch } = ann.group.tip.row
    await revoke(ann.group, link.invitationId)
    expect(ann.group.tip.row.epoch).toBe(epoch)
    await bring(ann, bob)
    expect(invitations(bob).find((i) => i.invitationId === link.invitationId)?.revoked).toBe(true)
  })

  it("is not for members who did not make it, and does not know what isn't there", async () => {
    const link = await linkOf(ann, 'member')
    const bob = await world.join(ann, 'Bob')
    await expect(revoke(bob.group, link.invitationId)).rejects.toMatchObject({ code: 'not-permitted' })
    await expect(revoke(bob.group, 'ee'.repeat(16) as InvitationId)).rejects.toMatchObject({ code: 'not-found' })
    expect(invitations(bob).every((i) => !i.revoked)).toBe(true)
    const own = await linkOf(bob, 'member')
    await revoke(bob.group, own.invitationId)
    expect(invitations(bob).find((i) => i.invitationId === own.invitationId)?.revoked).toBe(true)
  })
})
