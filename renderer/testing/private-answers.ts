import type { MemberId, SpaceId } from '../../shared/domain/ids.ts'
import type { Channel, Space } from '../../shared/domain/models.ts'
import { accept, refuse } from './fake-node.ts'
import type { Answers, FakeBridge } from './fake-node.ts'
import { channelOf } from './history-answers.ts'
import { idOf, makeChannel } from './make.ts'

type Of = 'channels.direct' | 'channels.members' | 'channels.addMember' | 'channels.removeMember' | 'channels.leave'

const tell = ({ world, emit }: FakeBridge, { membersOf }: Channel): void => {
  emit('members.changed', { spaceId: membersOf, members: world.members[membersOf] ?? [] })
  emit('spaces.changed', world.spaces)
}

/** A channel with members of its own: the one who makes it, and those chosen. */
export function privateChannel({ world }: FakeBridge, space: Space, name: string, members: readonly string[]): Channel {
  const membersOf = idOf<SpaceId>(`members of ${name}`)
  const inside = (world.members[space.spaceId] ?? []).filter((member) => member.self || members.includes(member.memberId))
  world.members[membersOf] = inside
  const may = { send: true, rename: true, addMembers: true, removeMembers: true, history: true, leave: true }
  return makeChannel(space.spaceId, name, { kind: 'private', membersOf, memberCount: inside.length, may })
}

export const privateAnswers: Pick<Answers, Of> = {
  'channels.direct': (fake, { spaceId, memberId }) => {
    const space = fake.world.spaces.find((known) => known.spaceId === spaceId)
    const member = fake.world.members[spaceId as SpaceId]?.find((known) => known.memberId === memberId)
    if (space === undefined || member === undefined) return refuse('not-found')
    const known = space.channels.find((channel) => channel.with === memberId)
    if (known !== undefined) return accept(known)
    const base = privateChannel(fake, space, member.name, [memberId])
    const may = { ...base.may, addMembers: false, removeMembers: false, rename: false }
    const channel: Channel = { ...base, kind: 'direct', with: member.memberId, may }
    space.channels.push(channel)
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(channel)
  },
  'channels.members': (fake, { channelId }) => accept(fake.world.members[channelOf(fake, channelId)?.membersOf ?? idOf<SpaceId>('')] ?? []),
  'channels.addMember': (fake, { channelId, memberId }) => {
    const channel = channelOf(fake, channelId)
    const member = channel && fake.world.members[channel.spaceId]?.find((known) => known.memberId === memberId)
    if (channel === undefined || member === undefined) return refuse('not-found')
    fake.world.members[channel.membersOf] = [...(fake.world.members[channel.membersOf] ?? []), member]
    tell(fake, channel)
    return accept(channel)
  },
  'channels.removeMember': (fake, { channelId, memberId }) => {
    const channel = channelOf(fake, channelId)
    if (channel === undefined) return refuse('not-found')
    const gone = memberId as MemberId
    fake.world.members[channel.membersOf] = (fake.world.members[channel.membersOf] ?? []).filter((known) => known.memberId !== gone)
    tell(fake, channel)
    return accept(channel)
  },
  'channels.leave': (fake, { channelId }) => {
    for (const space of fake.world.spaces) space.channels = space.channels.filter((known) => known.channelId !== channelId)
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(null)
  },
}
