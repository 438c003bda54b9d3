import type { GroupId } from '../../../shared/domain/ids.ts'
import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import { MOST_IN_PLACE } from '../../../shared/domain/connection-people.ts'
import type { ConnectionPlace, LinkedPerson } from '../../../shared/domain/connection-people.ts'
import type { Repositories, SpaceRow } from '../../ports/store.ts'
import { wantedIn } from '../../sync/under/wanted.ts'
import { statusOf } from '../standing.ts'
import type { LinkReader } from './person-links.ts'

/** Spaces in their order, after each the private channels under it. Who is in a direct message is in the space, too. */
export function placeViews(store: Repositories, links: LinkReader): ConnectionPlace[] {
  const takesPart = (groupId: GroupId): boolean => store.groups.get(groupId) !== null && statusOf(store, groupId)?.kind === 'member'
  const tops = store.directory.spaces().filter(({ groupId, parent }) => parent === null && takesPart(groupId))
  return tops.flatMap((space) => {
    const privates = store.directory.under(space.groupId).filter(({ kind, groupId }) => kind === 'private' && takesPart(groupId))
    return [space, ...privates].map((place) => placeView(store, links, space, place))
  })
}

function placeView(store: Repositories, links: LinkReader, space: SpaceRow, place: SpaceRow): ConnectionPlace {
  const { groupId } = place
  const self = store.groups.get(groupId)?.selfMemberId
  const members = store.directory.members(groupId).filter(({ active }) => active)
  const people = members.flatMap(({ memberId, name }): LinkedPerson | [] =>
    memberId === self ? [] : { memberId, name, ...links.of(groupId, memberId) },
  )
  const there = new Set(members.map(({ memberId }) => memberId))
  const awaited = wantedIn(store, groupId).flatMap((memberId): LinkedPerson | [] => {
    const known = there.has(memberId) ? null : store.directory.member(space.groupId, memberId)
    return known === null
      ? []
      : { memberId, name: known.name, link: { kind: 'awaited' }, lastSeenAt: links.of(groupId, memberId).lastSeenAt }
  })
  const all = [...people, ...awaited]
  return {
    membersOf: spaceOfGroup(groupId),
    spaceId: spaceOfGroup(space.groupId),
    spaceName: space.name,
    channelName: place === space ? '' : (store.directory.channels(groupId)[0]?.name ?? ''),
    connected: all.filter(isConnected).length,
    of: all.length,
    people: all.sort((a, b) => Number(isConnected(b)) - Number(isConnected(a)) || a.name.localeCompare(b.name)).slice(0, MOST_IN_PLACE),
  }
}

const isConnected = ({ link }: LinkedPerson): boolean => link.kind === 'connected'
