import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, GroupId } from '../../../shared/domain/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import { lastObject, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device } from '../../testing/fixtures/group-world.ts'
import { receiveObject } from '../group/receive/receive-objects.ts'
import { mirror } from '../group/mirror.ts'
import { isChannelHere, isOfGroup, newChannelId } from './channel-id.ts'

const OTHER = 'bb'.repeat(16) as GroupId

describe("a channel's id", () => {
  it('is of the group it was made for, and of no other', () => {
    const channelId = newChannelId(SPACE, systemRandom)
    expect(channelId).toMatch(/^[0-9a-f]{32}$/)
    expect([isOfGroup(SPACE, channelId), isOfGroup(OTHER, channelId)]).toEqual([true, false])
    expect(newChannelId(SPACE, systemRandom)).not.toBe(channelId)
  })
})

describe('a channel that a group lists', () => {
  let ann: Device
  let bob: Device
  beforeEach(async () => {
    const world = await makeWorld('channel ids')
    ann = await world.found('Ann')
    bob = await world.join(ann, 'Bob')
  })
  const list = ({ group, store, deps }: Device, channelId: ChannelId): void => {
    const { settings, state } = group.tip
    const channels = [...settings.channels, { channelId, name: 'listed', kind: 'open' as const }]
    store.transaction((tx) => mirror(tx, deps.engine, { settings: { ...settings, channels }, state }))
  }
  const isListed = ({ store }: Device): boolean => store.directory.channels(SPACE).some(({ name }) => name === 'listed')

  it("is none of it if it is another's, so that it is there for that one: who is in both loses nothing of either", () => {
    const theirs = newChannelId(OTHER, systemRandom)
    list(bob, theirs)
    expect(isListed(bob)).toBe(false)
    expect(bob.store.directory.channel(theirs)).toBeNull()
    expect([isChannelHere(bob.store, OTHER, theirs), isChannelHere(bob.store, SPACE, theirs)]).toEqual([true, false])
  })

  it('of an id from before these said so stays where it was here, and comes nowhere else', async () => {
    const old = 'ee'.repeat(16) as ChannelId
    const space = { groupId: SPACE, kind: 'space' as const, parent: null, name: 'Friends', createdAt: 0 }
    const rows = [
      ...ann.store.directory.channels(SPACE),
      { channelId: old, groupId: SPACE, name: 'listed', kind: 'open' as const, position: 1 },
    ]
    ann.store.transaction((tx) => tx.directory.replace(space, rows, []))
    for (const one of [ann, bob]) list(one, old)
    expect([isListed(ann), isListed(bob)]).toEqual([true, false])
  })

  it('takes what is said in it', async () => {
    await ann.addChannel('music')
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    await ann.send('heard')
    expect(await receiveObject(bob.group, lastObject(ann))).toBe('stored')
    expect(bob.texts()).toEqual(['heard'])
  })
})
