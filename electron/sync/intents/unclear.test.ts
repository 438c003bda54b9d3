import { afterEach, beforeEach, expect, it } from 'vitest'
import { bring, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { makeReturningWorld, returnBy } from '../../testing/returning/returning-world.ts'
import type { ReturningWorld } from '../../testing/returning/returning-world.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { markAstray } from '../returning/astray.ts'
import { carryOut } from './carry-out.ts'
import type { Intent } from './intent.ts'
import { readUnmet } from './unmet.ts'
import { openIntents, settleIntents, settleUnclear } from './settle-intents.ts'

/** SPEC.md I2. Bob lets Dave in by a commit that loses: where Dave comes back by a fresh leaf, no commit leads from what Dave asked before. */
let folder: ReturnType<typeof tempDir>
let world: ReturningWorld
let devices: Device[]
let dave: Device

const asks = (device: Device, intent: Intent) => device.group.exclusive(() => carryOut(device.group, intent))
const channels = () => dave.group.tip.settings.channels.map(({ name }) => name)

beforeEach(async () => {
  folder = tempDir()
  world = await makeReturningWorld('unclear', folder.dir)
  const ann = await world.found('Ann')
  const [bob, erin] = [await world.join(ann, 'Bob', 'admin'), await world.join(ann, 'Erin')]
  await bring(ann, bob)
  dave = await world.join(bob, 'Dave', 'admin')
  devices = [ann, bob, erin, dave]
  await dave.addChannel('by Dave')
  for (const name of ['One', 'Two']) await asks(dave, { kind: 'rename', name })
  for (const count of [10, 20]) await asks(dave, { kind: 'set-history', history: { kind: 'last', count } })
  await asks(ann, { kind: 'rename', name: 'Two' })
  await bring(ann, erin)
  await erin.send('with Ann')
  for (const other of [ann, erin]) await bring(other, bob)
  await reconsider(bob.group)
  await settleIntents(bob.group)
  await markAstray(dave.group)
  await returnBy(dave, bob)
  dave.events.length = 0
})
afterEach(() => {
  for (const device of devices) world.storeOf(device).close()
  folder.remove()
})

it('what nobody can take back is done again; what somebody may have changed since is told, unless it is as it was asked', async () => {
  expect(channels()).not.toContain('by Dave')
  expect(openIntents(dave.group)).toMatchObject({ lost: [], unclear: [{}, {}, {}, {}, {}] })
  await settleIntents(dave.group)
  expect(openIntents(dave.group).unclear).toHaveLength(5)
  await settleUnclear(dave.group)
  expect(channels()).toContain('by Dave')
  expect(dave.group.tip.settings.name).toBe('Two')
  expect(dave.events.filter((event) => event === 'failed')).toHaveLength(1)
  expect(openIntents(dave.group)).toEqual({ lost: [], unclear: [] })
  expect(readUnmet(dave.store)).toMatchObject([
    { kind: 'set-history', groupId: SPACE, why: 'It is not so where the others are, or somebody changed it since.' },
  ])
})

it('judges nothing while the device waits to be let in once more', async () => {
  await markAstray(dave.group)
  await settleUnclear(dave.group)
  expect(dave.store.intents.list(SPACE).filter(({ failure }) => failure !== null)).toEqual([])
  expect(openIntents(dave.group).unclear).toHaveLength(5)
})
