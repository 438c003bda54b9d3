import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromHex } from '../../kernel/bytes.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { asking, GUEST_PEER, linkOf, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Asking, Device } from '../../testing/fixtures/group-world.ts'
import { makeReturningWorld, meet, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { removeMember } from '../members/remove-member.ts'
import { admit } from '../invitations/admit.ts'

/** Bob comes back with a fresh leaf, to where somebody is not who was there when he wrote. */
let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let ann: Device
let bob: Device
const others: Device[] = []

beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('set aside', folder.dir)
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
})
afterEach(() => {
  for (const device of [ann, bob, ...others.splice(0)]) world.storeOf(device).close()
  folder.remove()
})

async function comesBack(): Promise<void> {
  world.putBack(bob, world.copy(bob))
  await returnBy(bob, ann)
}
const owedBy = (device: Device, text: string): string[] => {
  const message = device.group.tip.settings.channels
    .flatMap(({ channelId }) => device.store.messages.page(channelId, 50, null).messages)
    .find((one) => one.text === text)
  const rows = message ? device.store.deliveries.of(message.objectId) : []
  return rows.map(({ memberId }) => device.store.directory.member(SPACE, memberId)?.name ?? '?').toSorted()
}

describe('who was owed something and is not where this device came in', () => {
  it('and went by a commit that it knows nothing of, is waited for no longer', async () => {
    const carol = await world.join(ann, 'Carol')
    others.push(carol)
    await meet(world, ann, bob)
    await bob.send('for both')
    expect(owedBy(bob, 'for both')).toEqual(['Ann', 'Carol'])
    await removeMember(ann.group, carol.group.self)
    bob.events.length = 0
    await comesBack()
    expect(owedBy(bob, 'for both')).toEqual(['Ann'])
    expect(bob.store.deliveries.queued()).toMatchObject([{ messages: 1 }])
    expect(bob.events).toContain('delivery')
    await meet(world, ann, bob)
    await bob.send('for Ann')
    expect([owedBy(bob, 'for Ann'), owedBy(bob, 'for both')]).toEqual([['Ann'], ['Ann']])
  })

  describe('and came by a commit that lost', () => {
    let dave: Asking
    beforeEach(async () => {
      const link = await linkOf(ann, 'member')
      await meet(world, ann, bob)
      dave = await asking(world, world.device('Dave'), link)
      others.push({ ...bob, ...dave })
      expect(await admit(bob.group, dave.request, GUEST_PEER.peerId)).toMatchObject({ kind: 'welcome' })
      await bob.send('for Dave, too')
      await ann.addChannel('music')
    })

    it('is owed it again once they are let in there, also after a restart', async () => {
      expect(owedBy(bob, 'for Dave, too')).toEqual(['Ann', 'Dave'])
      await comesBack()
      expect(owedBy(bob, 'for Dave, too')).toEqual(['Ann'])
      bob.restart()
      await admit(ann.group, dave.request, GUEST_PEER.peerId)
      await meet(world, ann, bob)
      expect(bob.group.members().map(({ name }) => name)).toContain('Dave')
      expect(owedBy(bob, 'for Dave, too')).toEqual(['Ann', 'Dave'])
      expect(bob.store.settings.get(`set-aside/${SPACE}`)).toBeNull()
    })

    it('is owed what was written with them there where an older version did not write down what that was', async () => {
      await comesBack()
      bob.store.transaction((tx) => tx.settings.set(`set-aside/${SPACE}`, toCbor([fromHex(dave.identity.memberId)])))
      await admit(ann.group, dave.request, GUEST_PEER.peerId)
      await meet(world, ann, bob)
      expect(owedBy(bob, 'for Dave, too')).toEqual(['Ann', 'Dave'])
    })

    it('is owed it where the step fails in which they are let in, once it is done', async () => {
      await comesBack()
      await admit(ann.group, dave.request, GUEST_PEER.peerId)
      bob.store.failNext()
      await meet(world, ann, bob).catch(() => undefined)
      bob.restart()
      await meet(world, ann, bob)
      expect(owedBy(bob, 'for Dave, too')).toEqual(['Ann', 'Dave'])
    })
  })
})
