import type { SpaceId } from '../../shared/domain/ids.ts'
import type { Member, Space } from '../../shared/domain/models.ts'
import { accept, refuse } from './fake-node.ts'
import type { Answers, FakeBridge } from './fake-node.ts'
import { channelOf } from './history-answers.ts'

type Of =
  | 'members.list'
  | 'members.remove'
  | 'members.setRole'
  | 'members.verify'
  | 'spaces.rename'
  | 'spaces.repair'
  | 'spaces.leave'
  | 'spaces.forget'
  | 'spaces.history'
  | 'spaces.setHistory'
  | 'channels.rename'

const spaceOf = ({ world }: FakeBridge, spaceId: string): Space | undefined => world.spaces.find((known) => known.spaceId === spaceId)
const membersOf = ({ world }: FakeBridge, spaceId: string): Member[] =>
  Object.entries(world.members).find(([id]) => id === spaceId)?.[1] ?? []
const memberOf = (fake: FakeBridge, spaceId: string, memberId: string): Member | undefined =>
  membersOf(fake, spaceId).find((known) => known.memberId === memberId)

function tell(fake: FakeBridge, spaceId: string, members = membersOf(fake, spaceId)): void {
  fake.world.members[spaceId as SpaceId] = members
  fake.emit('members.changed', { spaceId: spaceId as SpaceId, members })
  fake.emit('spaces.changed', fake.world.spaces)
}

const SAFETY_NUMBER = '35137 78624 97936 38107 31251 02742 69481 59380 42052 42670 73100 38291'

/** Members and what may be changed about a space. */
export const memberAnswers: Pick<Answers, Of> = {
  'members.list': (fake, { spaceId }) => accept(membersOf(fake, spaceId)),
  'members.remove': (fake, { spaceId, memberId }) => {
    if (memberOf(fake, spaceId, memberId) === undefined) return refuse('not-found')
    tell(
      fake,
      spaceId,
      membersOf(fake, spaceId).filter((known) => known.memberId !== memberId),
    )
    return accept(null)
  },
  'members.setRole': (fake, { spaceId, memberId, role }) => {
    const member = memberOf(fake, spaceId, memberId)
    if (member === undefined) return refuse('not-found')
    member.role = role
    tell(fake, spaceId)
    return accept(member)
  },
  'members.verify': (fake, { spaceId, memberId, verified }) => {
    const member = memberOf(fake, spaceId, memberId)
    if (member === undefined) return refuse('not-found')
    if (verified != null) {
      member.verified = verified
      tell(fake, spaceId)
    }
    return accept({ memberId, safetyNumber: SAFETY_NUMBER, verified: member.verified })
  },
  'spaces.rename': (fake, { spaceId, name }) => {
    const space = spaceOf(fake, spaceId)
    if (space === undefined) return refuse('not-found')
    space.name = name
    tell(fake, spaceId)
    return accept(space)
  },
  'spaces.repair': (fake, { spaceId }) => {
    const space = spaceOf(fake, spaceId)
    if (space === undefined) return refuse('not-found')
    Object.assign(space, { astray: true, returning: true })
    tell(fake, spaceId)
    return accept(null)
  },
  'spaces.leave': (fake, { spaceId }) => {
    const space = spaceOf(fake, spaceId)
    if (space === undefined) return refuse('not-found')
    space.status = { kind: 'leaving', since: 0 }
    tell(fake, spaceId)
    return accept(null)
  },
  'spaces.forget': (fake, { spaceId }) => {
    fake.world.spaces = fake.world.spaces.filter((known) => known.spaceId !== spaceId)
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(null)
  },
  'spaces.history': () => accept({ kind: 'none' }),
  'spaces.setHistory': (_, { history }) => accept(history),
  'channels.rename': (fake, { channelId, name }) => {
    const channel = channelOf(fake, channelId)
    if (channel === undefined) return refuse('not-found')
    channel.name = name
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(channel)
  },
}
