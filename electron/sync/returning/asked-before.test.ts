import { afterEach, beforeEach, expect, it } from 'vitest'
import { SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { makeReturningWorld, meet, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { groupFrontier } from '../anti-entropy/group-frontier.ts'
import { compareEpochs, oldestLacking } from '../anti-entropy/known-epochs.ts'
import { CARRIED_COMMITS } from '../group/carry-commits.ts'
import { lostIntents, settleIntents } from '../intents/settle-intents.ts'
import { markAstray } from './astray.ts'

/** SPEC.md D4, I2. Ann changes the group where nobody sees it, while the others change it more often than a Welcome brings commits along. */
let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let ann: Device
let bob: Device

beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('asked before', folder.dir)
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  await meet(world, ann, bob)
  await ann.addChannel('from Ann')
  for (let nth = 0; nth <= CARRIED_COMMITS; nth += 1) await bob.addChannel(`from Bob ${nth}`)
  await markAstray(ann.group)
  await returnBy(ann, bob)
})
afterEach(() => {
  for (const device of [ann, bob]) world.storeOf(device).close()
  folder.remove()
})

const channels = (device: Device) => device.group.tip.settings.channels.map(({ name }) => name)

it('who came back with a fresh leaf is brought the commits between the fork and where it came in, and does again what was lost', async () => {
  expect(channels(ann)).not.toContain('from Ann')
  await meet(world, ann, bob)
  expect(lostIntents(ann.group)).toHaveLength(1)
  await settleIntents(ann.group)
  await meet(world, ann, bob)
  expect(channels(bob)).toContain('from Ann')
  expect(lostIntents(ann.group)).toEqual([])
})

it('who has them is lacking nothing, and neither is who came in later and could not follow them', async () => {
  await meet(world, ann, bob)
  const carol = await world.join(bob, 'Carol')
  await meet(world, carol, bob)
  await meet(world, ann, bob)
  for (const device of [ann, carol]) {
    const compared = compareEpochs(bob.store, SPACE, groupFrontier(device.group))
    expect(oldestLacking(bob.store, compared, 0)).toBe(Infinity)
  }
  world.storeOf(carol).close()
})
