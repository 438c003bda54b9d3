import { beforeEach, describe, expect, it } from 'vitest'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Role } from '../../../shared/domain/models.ts'
import { people, person, settings } from '../../testing/fixtures/space-settings.ts'
import { bring, lastObject, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { readEnded } from './ended.ts'
import { changeRole } from './change-role.ts'
import { roleChangeOf, rolesToGive } from './role-change.ts'
import { seeOff } from './leave.ts'
import { dropLeaveOffer, makeLeaveOffer, readLeaveOffer } from './leave-offer.ts'
import { removalOf } from './removal.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { removeMember } from './remove-member.ts'

const KEY = new Uint8Array(32).fill(1)
const standing = {
  settings: settings(),
  members: [person('owner'), person('guest'), person('admin'), { ...person('guest'), leafIndex: 9 }],
  presenceKey: KEY,
}

describe('what removing somebody comes to', () => {
  it('is all of their leaves, and settings without them', () => {
    const { removeLeaves, settings: after } = removalOf(standing, { by: people.admin, whom: people.guest })
    expect(removeLeaves).toEqual([4, 9])
    expect(after.roles.has(people.guest)).toBe(false)
    expect(standing.settings.roles.has(people.guest)).toBe(true)
  })

  it.each<[string, MemberId, MemberId, string]>([
    ['oneself', people.owner, people.owner, 'invalid'],
    ['nobody', people.owner, people.stranger, 'not-found'],
    ['an equal', people.admin, people.admin, 'invalid'],
    ['somebody above', people.admin, people.owner, 'not-permitted'],
    ['by somebody without the right', people.member, people.guest, 'not-permitted'],
  ])('is refused of %s', (_, by, whom, code) => {
    expect(() => removalOf(standing, { by, whom })).toThrow(expect.objectContaining({ code }))
  })
})

describe('what another role comes to', () => {
  it.each<[string, MemberId, MemberId, Role, string | null]>([
    ['what is allowed', people.admin, people.guest, 'member', null],
    ['the role they have', people.guest, people.member, 'member', null],
    ['nobody', people.owner, people.stranger, 'guest', 'not-found'],
    ['a raise of oneself', people.admin, people.admin, 'owner', 'not-permitted'],
    ['the last owner, who steps down', people.owner, people.owner, 'guest', 'last-owner'],
  ])('%s', (_, by, whom, role, code) => {
    const change = () => roleChangeOf(settings(), { by, whom, role })
    if (code === null) expect(change().roles.get(whom)).toBe(role)
    else expect(change).toThrow(expect.objectContaining({ code }))
  })

  it('is offered where it would be allowed, and nowhere else', () => {
    const everybody = Object.values(people).filter((memberId) => settings().roles.has(memberId))
    for (const by of everybody)
      for (const whom of everybody)
        for (const role of ['owner', 'admin', 'moderator', 'member', 'guest'] as const) {
          if (settings().roles.get(whom) === role) continue
          let allowed = true
          try {
            roleChangeOf(settings(), { by, whom, role })
          } catch {
            allowed = false
          }
          expect([by, whom, role, rolesToGive(settings(), by, whom).includes(role)]).toEqual([by, whom, role, allowed])
        }
  })
})

describe('among devices', () => {
  let world: World
  let ann: Device
  let bob: Device
  let carol: Device
  beforeEach(async () => {
    world = await makeWorld('members')
    ann = await world.found('Ann')
    bob = await world.join(ann, 'Bob')
    carol = await world.join(ann, 'Carol')
    await bring(ann, bob)
    for (const device of [ann, bob, carol]) device.events.length = 0
  })
  const offer = async (device: Device) => {
    await makeLeaveOffer(device.group)
    const made = readLeaveOffer(device.store, device.group)
    if (made === null) throw new Error('an offer was made')
    return made.request
  }

  it('a removal is told once and stored first; what was owed is owed no more', async () => {
    await ann.send('for both')
    ann.events.length = 0
    await removeMember(ann.group, bob.group.self)
    expect(ann.events).toEqual(['epoch', 'object', 'delivery'])
    expect(ann.store.deliveries.owedTo(SPACE, bob.group.self, 10)).toEqual([])
    expect(ann.store.deliveries.owedTo(SPACE, carol.group.self, 10)).toHaveLength(1)
    const commit = lastObject(ann)
    expect(await receiveObject(bob.group, commit)).toBe('stored')
    expect(await reconsider(bob.group)).toEqual({ kind: 'removed' })
    expect(bob.events).toEqual(['object', 'contested', 'ended'])
    expect(readEnded(bob.store, SPACE)).toEqual({ kind: 'removed', at: world.clock.now(), by: ann.group.self })
    expect(await receiveObject(bob.group, commit)).toBe('stored')
    expect(bob.events).toHaveLength(3)
    await ann.send('without Bob')
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('unknown-epoch')
    expect(bob.texts()).toEqual([])
  })

  it('a removal that cannot be stored has not happened, on either side, and can be done again', async () => {
    const before = ann.group.tip
    ann.store.failNext()
    await expect(removeMember(ann.group, bob.group.self)).rejects.toThrow('disk is full')
    expect(ann.group.tip).toBe(before)
    expect(ann.events).toEqual([])
    await removeMember(ann.group, bob.group.self)
    bob.store.failNext()
    await expect(receiveObject(bob.group, lastObject(ann))).rejects.toThrow('disk is full')
    expect(readEnded(bob.store, SPACE)).toBeNull()
    bob.restart()
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(await reconsider(bob.group)).toEqual({ kind: 'removed' })
    expect(readEnded(bob.store, SPACE)?.kind).toBe('removed')
  })

  it('a removal beside what the removed one changed meanwhile holds: neither its change nor its invitation stays', async () => {
    await linkOf(bob, 'guest')
    await removeMember(ann.group, bob.group.self)
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(readEnded(bob.store, SPACE)).toBeNull()
    expect(await reconsider(bob.group)).toEqual({ kind: 'removed' })
    expect(readEnded(bob.store, SPACE)?.kind).toBe('removed')
    for (const device of [ann, carol]) {
      await bring(bob, device)
      await bring(ann, device)
      await reconsider(device.group)
      expect(device.group.tip.settings.invitations.some((i) => i.createdBy === bob.group.self && !i.revoked)).toBe(false)
      expect(device.group.tip.settings.roles.has(bob.group.self)).toBe(false)
    }
  })

  it('whoever wants to leave is let go by anybody, and knows by the commit that it is out', async () => {
    await changeRole(ann.group, carol.group.self, 'guest')
    await bring(ann, carol)
    await bring(ann, bob)
    const request = await offer(bob)
    expect(await offer(bob)).toEqual(request)
    expect(await seeOff(carol.group, request)).toEqual({ kind: 'done' })
    expect(await seeOff(carol.group, request)).toEqual({ kind: 'done' })
    expect(await receiveObject(ann.group, lastObject(carol))).toBe('stored')
    expect(ann.group.members().map((m) => m.name)).toEqual(['Ann', 'Carol'])
    expect(await seeOff(ann.group, request)).toEqual({ kind: 'done' })
    await receiveObject(bob.group, lastObject(carol))
    await reconsider(bob.group)
    expect(readEnded(bob.store, SPACE)).toMatchObject({ kind: 'left', by: carol.group.self })
    expect(readLeaveOffer(bob.store, bob.group)).toBeNull()
  })

  it('a claim is worth nothing with anything else in it', async () => {
    const request = await offer(bob)
    const forged = { ...request, signature: request.signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) }
    expect(await seeOff(ann.group, forged)).toEqual({ kind: 'refused', code: 'malformed' })
    expect(await seeOff(ann.group, { ...request, groupId: 'a1'.repeat(16) as GroupId })).not.toEqual({ kind: 'done' })
    expect(await seeOff(ann.group, { ...request, memberId: carol.group.self })).toMatchObject({ kind: 'later' })
    expect(await seeOff(ann.group, { ...request, memberId: 'ee'.repeat(16) as MemberId })).toMatchObject({ kind: 'later' })
    expect(ann.group.members()).toHaveLength(3)
  })

  it('somebody of whom nothing was heard yet is not gone: the one who asks has to ask again', async () => {
    const dave = await world.join(ann, 'Dave')
    expect(await seeOff(bob.group, await offer(dave))).toMatchObject({ kind: 'later' })
  })

  it('two who leave leave it to the third; without one each sees the other off', async () => {
    const [ofBob, ofCarol] = [await offer(bob), await offer(carol)]
    expect(await seeOff(bob.group, ofCarol)).toMatchObject({ kind: 'later' })
    expect(await seeOff(ann.group, ofCarol)).toEqual({ kind: 'done' })
    dropLeave(bob)
    await bring(ann, bob)
    await changeRole(ann.group, bob.group.self, 'owner')
    await bring(ann, bob)
    await makeLeaveOffer(ann.group)
    expect(await seeOff(ann.group, ofBob)).toEqual({ kind: 'done' })
  })
  const dropLeave = ({ store }: Device) => store.transaction((tx) => dropLeaveOffer(tx, SPACE))

  it('the last owner is told so when asking, and cannot wish it while that is known', async () => {
    await expect(makeLeaveOffer(ann.group)).rejects.toMatchObject({ code: 'last-owner' })
    await changeRole(ann.group, bob.group.self, 'owner')
    await bring(ann, bob)
    await bring(ann, carol)
    const [ofAnn, ofBob] = [await offer(ann), await offer(bob)]
    expect(await seeOff(carol.group, ofAnn)).toEqual({ kind: 'done' })
    expect(await seeOff(carol.group, ofBob)).toEqual({ kind: 'refused', code: 'last-owner' })
  })

  it('a wish to leave that cannot be stored was not made', async () => {
    bob.store.failNext()
    await expect(makeLeaveOffer(bob.group)).rejects.toThrow('disk is full')
    expect(readLeaveOffer(bob.store, bob.group)).toBeNull()
  })
})
