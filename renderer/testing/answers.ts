import { privateAnswers, privateChannel } from './private-answers.ts'
import type { Method, ArgsIn } from '../../shared/ipc/contract.ts'
import type { CallResult } from '../../shared/ipc/error-codes.ts'
import { accept, refuse } from './fake-node.ts'
import type { Answers, FakeBridge } from './fake-node.ts'
import { channelOf, historyAnswers } from './history-answers.ts'
import { makeChannel, makeInvitation, makeJoin, makeMember, makeSpace } from './make.ts'
import { memberAnswers } from './member-answers.ts'
import { safetyAnswers } from './safety-answers.ts'

/** What the fake node does unless a test says otherwise. */
const answers: Answers = {
  ...safetyAnswers,
  'spaces.list': ({ world }) => accept(world.spaces),
  'spaces.create': (fake, { name }) => {
    const space = makeSpace(name)
    fake.world.spaces.push(space)
    fake.world.members[space.spaceId] = [makeMember('Alice', { self: true, role: 'owner', online: true })]
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(space)
  },
  'channels.create': (fake, { spaceId, name, kind, members }) => {
    const space = fake.world.spaces.find((known) => known.spaceId === spaceId)
    if (space === undefined) return refuse('not-found')
    const channel = kind === 'private' ? privateChannel(fake, space, name, members ?? []) : makeChannel(space.spaceId, name)
    space.channels.push(channel)
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(channel)
  },
  ...privateAnswers,
  'channels.setKeepDays': (fake, { channelId, keepDays }) => {
    const channel = channelOf(fake, channelId)
    if (channel === undefined) return refuse('not-found')
    channel.keepDays = keepDays
    fake.emit('spaces.changed', fake.world.spaces)
    return accept(channel)
  },
  ...memberAnswers,
  'invitations.create': ({ world }, { spaceId, maxUses, expiresInMs }) => {
    const space = world.spaces.find((known) => known.spaceId === spaceId)
    if (space === undefined) return refuse('not-found')
    const base = makeInvitation(space.spaceId)
    const invitation = makeInvitation(space.spaceId, {
      invitationId: `${base.invitationId.slice(0, 31)}${world.invitations.length}` as typeof base.invitationId,
      link: `${base.link ?? ''}${world.invitations.length}`,
      maxUses: maxUses ?? null,
      expiresAt: base.expiresAt - 7 * 86_400_000 + (expiresInMs ?? 7 * 86_400_000),
    })
    world.invitations = [...world.invitations, invitation]
    return accept(invitation)
  },
  'invitations.list': ({ world }) => accept(world.invitations),
  'invitations.revoke': ({ world }, { invitationId }) => {
    const found = world.invitations.find((known) => known.invitationId === invitationId)
    world.invitations = world.invitations.filter((known) => known.invitationId !== invitationId)
    return found === undefined ? refuse('not-found') : accept(found)
  },
  'invitations.read': (_, { link }) =>
    link.startsWith('spacepanda:join/') ? accept(makeJoin('Harbour choir')) : refuse('invitation-malformed'),
  'joins.start': (fake, { link }) => {
    if (!link.startsWith('spacepanda:join/')) return refuse('invitation-malformed')
    const join = makeJoin('Harbour choir')
    fake.world.joins.push(join)
    return accept(join)
  },
  'joins.list': ({ world }) => accept(world.joins),
  'joins.cancel': ({ world }, { joinId }) => changeJoin(world, joinId, { kind: 'cancelled' }),
  'joins.retry': ({ world }, { joinId }) => changeJoin(world, joinId, { kind: 'working', step: 'connecting' }),
  'joins.dismiss': ({ world }, { joinId }) => {
    world.joins = world.joins.filter((join) => join.joinId !== joinId)
    return accept(null)
  },
  ...historyAnswers,
  'connection.status': ({ world }) => accept(world.connection),
  'connection.retry': () => accept(null),
  'connection.dismissUnmet': (fake, { unmetIds }) => {
    const { connection } = fake.world
    fake.world.connection = { ...connection, unmet: connection.unmet.filter(({ unmetId }) => !unmetIds.includes(unmetId)) }
    fake.emit('connection.changed', fake.world.connection)
    return accept(null)
  },
  'reach.get': ({ world }) => accept(world.reach),
  'reach.set': ({ world }, reach) => {
    if (reach.relays.some((relay) => !relay.startsWith('/ip'))) return refuse('invalid')
    world.reach = reach
    return accept(world.reach)
  },
  'settings.get': ({ world }) => accept(world.settings),
  'settings.set': ({ world }, settings) => {
    world.settings = settings
    return accept(world.settings)
  },
}

function changeJoin(world: FakeBridge['world'], joinId: string, state: ReturnType<typeof makeJoin>['state']): CallResult<unknown> {
  const join = world.joins.find((known) => known.joinId === joinId)
  if (join === undefined) return refuse('not-found')
  join.state = state
  return accept(join)
}

export function answer<M extends Method>(fake: FakeBridge, method: M, args: ArgsIn<M>): CallResult<unknown> {
  return answers[method](fake, args)
}
