import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { bring, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { reconsider } from '../fork-resolution/reconsider.ts'
import { rehome } from '../delivery/rehome.ts'
import { takeHanded } from '../delivery/take-handed.ts'
import { isLost } from '../group/lost-channels.ts'
import { changeRole } from '../members/change-role.ts'
import { settleIntents } from './settle-intents.ts'

/** SPEC.md I6. Bob makes a channel, of which Carol hears, and both write in it; Ann changes the space meanwhile, and most are with her. */
let ann: Device
let bob: Device
let carol: Device
let others: Device[]
let films: ChannelId

const drawn = ({ store }: Device) => store.directory.channels(SPACE).map((row) => `${row.name}${isLost(row) ? ', lost' : ''}`)
const said = ({ store }: Device) => store.messages.page(films, 10, null).messages.map(({ text }) => text)

async function change(byAnn: () => Promise<unknown>): Promise<void> {
  await byAnn()
  for (const other of others) {
    await bring(ann, other)
    await other.send('here')
  }
}

async function followAnn(device: Device): Promise<void> {
  for (const one of [ann, ...others]) await bring(one, device)
  await reconsider(device.group)
}

beforeEach(async () => {
  const world = await makeWorld('lost channel')
  ann = await world.found('Ann')
  bob = await world.join(ann, 'Bob', 'admin')
  carol = await world.join(ann, 'Carol')
  others = [await world.join(ann, 'Erin'), await world.join(ann, 'Finn')]
  for (const device of [bob, carol, ...others]) await bring(ann, device)
  films = await bob.addChannel('films')
  await bring(bob, carol)
})

it('a channel whose name another one has by now is made again by another name, with all that was said in it', async () => {
  await bob.group.send(films, 'by Bob', null)
  await change(() => ann.addChannel('Films'))
  await followAnn(bob)
  expect(drawn(bob)).toEqual(['general', 'Films', 'films, lost'])
  await settleIntents(bob.group)
  expect(drawn(bob)).toEqual(['general', 'Films', 'films (2)'])
  await bring(bob, ann)
  expect([drawn(ann), said(ann)]).toEqual([['general', 'Films', 'films (2)'], ['by Bob']])
})

describe('a channel that its maker may not make again', () => {
  beforeEach(() => change(() => changeRole(ann.group, bob.group.self, 'member')))

  it('stays to be read by whoever has something of it, also by who never was where it was made', async () => {
    await bob.group.send(films, 'by Bob', null)
    await bring(bob, carol)
    await carol.group.send(films, 'by Carol', null)
    await bring(carol, bob)
    for (const device of [bob, carol]) await followAnn(device)
    await settleIntents(bob.group)
    ann.events.length = 0
    await bring(carol, ann)
    for (const device of [ann, bob, carol]) {
      expect(drawn(device)).toEqual(['general', 'films, lost'])
      expect(said(device).toSorted()).toEqual(['by Bob', 'by Carol'])
      await expect(device.group.send(films, 'more', null)).rejects.toMatchObject({ code: 'not-permitted' })
    }
    expect(ann.events.filter((event) => event === 'epoch')).toHaveLength(1)
    await ann.addChannel('another')
    ann.restart()
    expect(drawn(ann)).toEqual(['general', 'another', 'films, lost'])
  })

  it('is owed to who never was where it was made, and not sent to where it is not', async () => {
    const [erin] = others
    if (erin === undefined) throw new Error('there is somebody else')
    const there = bob.group.tip.row.tip
    await bob.group.send(films, 'by Bob', null)
    await followAnn(bob)
    await settleIntents(bob.group)
    // As of who was let in by a commit of either side, and can never read the other.
    const readable = new Map([
      [bob.group.tip.row.tip, true],
      [there, false],
    ])
    const compared = { held: null, readable, apart: false }
    const before = bob.store.objects.since(SPACE, 0, null, 1_000).length
    const alone = await rehome(bob.group, erin.group.self, compared, erin.group.tip.row.tip)
    expect(alone.map(({ text }) => text)).toEqual(['by Bob'])
    expect(bob.store.objects.since(SPACE, 0, null, 1_000)).toHaveLength(before)
    expect(
      await takeHanded(
        erin.group,
        bob.group.self,
        alone.map(({ content }) => content),
      ),
    ).toEqual(['later'])
  })

  it('goes where nothing was said in it', async () => {
    await followAnn(bob)
    expect(drawn(bob)).toEqual(['general', 'films, lost'])
    await settleIntents(bob.group)
    expect(drawn(bob)).toEqual(['general'])
    await followAnn(carol)
    expect(drawn(carol)).toEqual(['general'])
  })
})
