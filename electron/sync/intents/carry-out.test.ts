import { beforeEach, expect, it } from 'vitest'
import { bring, lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { changeRole } from '../members/change-role.ts'
import { decodeIntent } from './intent.ts'
import { settleIntents } from './settle-intents.ts'

/** SPEC.md I1. */
let ann: Device
let bob: Device
beforeEach(async () => {
  const world = await makeWorld('carrying out')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob')
})

const asked = ({ store }: Device) => store.intents.list(SPACE).map(({ body, objectId }) => ({ intent: decodeIntent(body), objectId }))

it('what a person asks for is stored with the commit that carries it, with the id that it brings along', async () => {
  const channelId = await ann.addChannel('music')
  expect(asked(ann).at(-1)).toEqual({
    intent: { kind: 'create-channel', channel: { channelId, name: 'music', kind: 'open' } },
    objectId: lastObject(ann).objectId,
  })
})

it('neither is stored without the other', async () => {
  const before = [asked(ann), ann.store.commits.of(SPACE), ann.store.objects.since(SPACE, 0, null, 100)]
  ann.store.failNext()
  await expect(ann.addChannel('music')).rejects.toThrow('the disk is full')
  expect([asked(ann), ann.store.commits.of(SPACE), ann.store.objects.since(SPACE, 0, null, 100)]).toEqual(before)
})

it('what is stored says all that is needed: where the commit lost it is done again by that alone, after a restart, under the same id', async () => {
  await changeRole(ann.group, bob.group.self, 'admin')
  await bring(ann, bob)
  const made = new Map([ann, bob].map((device) => [device, device.addChannel(`of ${device.name}`)]))
  await Promise.all(made.values())
  await bring(ann, bob)
  await bring(bob, ann)
  const wished = new Map([ann, bob].map((device) => [device, asked(device).at(-1)]))
  for (const device of [ann, bob]) await reconsider(device.group)
  const isLost = async (device: Device) => !idsIn(device).includes(await made.get(device))
  const [loser, winner] = (await isLost(ann)) ? [ann, bob] : [bob, ann]
  loser.restart()
  await settleIntents(loser.group)
  await bring(loser, winner)
  expect(idsIn(winner)).toEqual(expect.arrayContaining(await Promise.all(made.values())))
  const { intent } = wished.get(loser) ?? {}
  expect(asked(loser).at(-1)).toEqual({ intent, objectId: lastObject(loser).objectId })
  expect(asked(loser).at(-1)).not.toEqual(wished.get(loser))
})

const idsIn = ({ group }: Device): unknown[] => group.tip.settings.channels.map(({ channelId }) => channelId)
