import type { ChannelId, GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Channel, Message, Space } from '../../../shared/domain/models.ts'
import type { Store } from '../../ports/store.ts'
import { eventually, joinBy, makeTown } from '../fixtures/town.ts'
import type { Resident, Town } from '../fixtures/town.ts'

/** Four members of one space, whole messengers with real MLS, who have private channels and direct messages among them. */
export interface PrivateWorld {
  town: Town
  space: Space
  alice: Resident
  bob: Resident
  carol: Resident
  dave: Resident
  idOf(resident: Resident): MemberId
  /** As time goes by. */
  inTime(what: () => unknown, expected: unknown, step?: number): Promise<void>
  away(resident: Resident): Promise<void>
  back(resident: Resident): Promise<void>
  /** What each sees under the space: "name (kind)". */
  sees(resident: Resident): Promise<string[]>
  channel(resident: Resident, name: string): Promise<Channel>
  say(resident: Resident, channelId: ChannelId, text: string): Promise<Message>
  heard(resident: Resident, channelId: ChannelId): string[]
  members(resident: Resident, channelId: ChannelId): Promise<string[]>
  make(by: Resident, name: string, members: readonly Resident[]): Promise<ChannelId>
  /** Says something, and waits until they have it. */
  talks(from: Resident, channelId: ChannelId, text: string, to: readonly Resident[]): Promise<Message>
}

/** `storeOf` as of `makeTown`. */
export async function makePrivateWorld(seed: string, storeOf?: (name: string) => Store): Promise<PrivateWorld> {
  const town = await makeTown(seed, storeOf)
  const [alice, bob] = [await town.arrive('Alice'), await town.arrive('Bob')]
  const [carol, dave] = [await town.arrive('Carol'), await town.arrive('Dave')]
  const space = await alice.api['spaces.create']({ name: 'Friends' })
  for (const guest of [bob, carol, dave]) await joinBy(alice, space, guest)
  const groupId = space.spaceId as string as GroupId
  const inTime = (what: () => unknown, expected: unknown, step = 50) =>
    eventually(() => {
      town.clock.advance(step)
      return what()
    }, expected)
  const channels = async (resident: Resident) => {
    const found = (await resident.api['spaces.list']({})).find((s) => s.spaceId === space.spaceId)
    return found?.channels ?? []
  }
  const world: PrivateWorld = {
    ...{ town, space, alice, bob, carol, dave, inTime },
    idOf(resident) {
      const row = resident.store.groups.get(groupId)
      if (row === null) throw new Error('a member has the group')
      return row.selfMemberId
    },
    async away(resident) {
      await resident.stop()
      town.hub.gone(resident.peerId)
    },
    async back(resident) {
      await resident.restart()
      town.hub.retryAll()
    },
    sees: async (resident) =>
      (await channels(resident))
        .filter((c) => c.kind !== 'open')
        .map((c) => `${c.name} (${c.kind}${c.status.kind === 'member' ? '' : `, ${c.status.kind}`})`),
    async channel(resident, name) {
      const found = (await channels(resident)).find((c) => c.name === name)
      if (found === undefined) throw new Error(`no channel ${name}`)
      return found
    },
    say: (resident, channelId, text) => resident.api['messages.send']({ channelId, text, replyTo: null }),
    heard: (resident, channelId) =>
      resident.store.messages
        .page(channelId, 200, null)
        .messages.map((m) => m.text)
        .toReversed(),
    async make(by, name, members) {
      const { spaceId } = space
      return (await by.api['channels.create']({ spaceId, name, kind: 'private', members: members.map(world.idOf) })).channelId
    },
    async talks(from, channelId, text, to) {
      const message = await world.say(from, channelId, text)
      for (const one of to) await inTime(() => world.heard(one, channelId).includes(text), true)
      return message
    },
    members: async (resident, channelId) =>
      (await resident.api['channels.members']({ channelId })).map((m) => `${m.name} ${m.awaited ? 'awaited' : m.role}`),
  }
  // Everybody has met everybody, and has their keys.
  for (const one of [alice, bob, carol, dave])
    await inTime(
      () => [alice, bob, carol, dave].filter((other) => one.store.settings.get(`offer/${groupId}/${world.idOf(other)}`)).length,
      3,
    )
  return world
}
