import { expect, it } from 'vitest'
import { GUEST_PEER, asking, bring, linkOf, makeWorld } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { admit } from '../invitations/admit.ts'
import { settleIntents } from './settle-intents.ts'

/** SPEC.md F2. Ann lets Dave in by a commit that loses, does it again, and that branch loses to the first one, as soon as more is heard of that. */
it('a Welcome is given by the commit that is followed, also where that one was lost for a while and the newcomer let in again meanwhile', async () => {
  const world = await makeWorld('lost grants')
  const ann = await world.found('Ann')
  const [bob, carol, erin, finn, gus] = [
    await world.join(ann, 'Bob', 'admin'),
    await world.join(ann, 'Carol'),
    await world.join(ann, 'Erin'),
    await world.join(ann, 'Finn'),
    await world.join(ann, 'Gus'),
  ]
  const link = await linkOf(ann, 'member')
  for (const device of [bob, carol, erin, finn, gus]) await bring(ann, device)

  const dave = await asking(world, world.device('Dave'), link)
  const given = async () => {
    const answer = await admit(ann.group, dave.request, GUEST_PEER.peerId)
    return answer.kind === 'welcome' ? Buffer.from(answer.welcome).toString('hex') : answer.kind
  }
  const first = await given()
  const { tip } = ann.group.tip.row
  for (const device of [erin, finn, gus]) await bring(ann, device)
  await bob.addChannel('by Bob')
  for (const device of [bob, carol]) {
    if (device === carol) await bring(bob, device)
    await device.send('on the branch of Bob')
  }

  for (const device of [bob, carol]) await bring(device, ann)
  await reconsider(ann.group)
  expect(ann.group.tip.settings.channels.map(({ name }) => name)).toContain('by Bob')
  await settleIntents(ann.group)
  const second = await given()
  expect(second).toMatch(/^[0-9a-f]+$/)
  expect(second).not.toBe(first)

  for (const device of [erin, finn, gus]) {
    await device.send('on the branch of Ann')
    await bring(device, ann)
  }
  await reconsider(ann.group)
  expect(ann.group.tip.row.tip).toBe(tip)
  expect(await given()).toBe(first)
  expect((await dave.enter(Buffer.from(first, 'hex'))).group.tip.row.tip).toBe(tip)
})
