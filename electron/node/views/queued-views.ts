import type { GroupId, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { MOST_AWAITED, MOST_LOOKED_AT } from '../../../shared/domain/connection-people.ts'
import type { AwaitedPerson, PersonLink, Queued } from '../../../shared/domain/connection-people.ts'
import { groupBy } from '../../kernel/group-by.ts'
import type { AwaitedRow, Repositories } from '../../ports/store.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { wantedIn } from '../../sync/under/wanted.ts'
import { mailboxesWith, relaysIn } from '../mailbox/who-asks.ts'
import { UNKNOWN_NAME } from '../standing.ts'
import { spaceOver, troubleIn } from './channel-views.ts'
import type { LinkReader } from './person-links.ts'

/** So many rows are looked at in all: twenty channels with a hundred people each, the newest message of every one before any second. */
const MOST_ROWS = 2_000

/** What of ours waits, for whom, and why. One query for each group in which anything does; the messages and people that are looked at are bounded. */
export function queuedViews(store: Repositories, links: LinkReader): Queued[] {
  const queued = store.deliveries.queued()
  if (queued.length === 0) return []
  const rows = groupBy(store.deliveries.awaited(MOST_LOOKED_AT, MOST_ROWS), ({ channelId }) => channelId)
  return queued.flatMap(({ channelId, messages }) => {
    const groupId = store.directory.channel(channelId)?.groupId
    const nobody = { channelId, messages, lookedAt: 0, people: [], morePeople: 0, held: null }
    if (groupId === undefined) return nobody
    // What was written where this device is no member any more goes to nobody.
    if ([groupId, spaceOver(store, groupId)].some((each) => readEnded(store, each) !== null)) return []
    return { ...nobody, ...awaitedIn(store, links, groupId, rows.get(channelId) ?? []), held: heldIn(store, groupId) }
  })
}

function heldIn(store: Repositories, groupId: GroupId): Queued['held'] {
  const { astray, takenOver, returning } = troubleIn(store, groupId)
  return takenOver ? 'taken-over' : astray ? 'astray' : returning ? 'returning' : null
}

function awaitedIn(
  store: Repositories,
  links: LinkReader,
  groupId: GroupId,
  rows: readonly AwaitedRow[],
): Pick<Queued, 'lookedAt' | 'people' | 'morePeople'> {
  const kept = new Map<ObjectId, ReadonlySet<PeerId>>()
  for (const { objectId } of rows) if (!kept.has(objectId)) kept.set(objectId, mailboxesWith(store, objectId))
  const isWanted = new Set(wantedIn(store, groupId))
  const nameOf = namesIn(store, groupId)
  const lacking = [...groupBy(rows, ({ memberId }) => memberId)].map(([memberId, own]) => ({ memberId, name: nameOf(memberId), own }))
  const named = lacking.sort((a, b) => a.name.localeCompare(b.name)).slice(0, MOST_AWAITED)
  const people = named.map(({ memberId, name, own }): AwaitedPerson => {
    const { link, lastSeenAt } = links.of(groupId, memberId)
    const asks = relaysIn(links.addresses(groupId, memberId))
    const inMailbox = own.filter(({ objectId }) => asks.some((relay) => kept.get(objectId)?.has(relay))).length
    return { memberId, name, link: isWanted.has(memberId) ? AWAITED : link, lastSeenAt, messages: own.length, inMailbox }
  })
  return { lookedAt: kept.size, people, morePeople: lacking.length - people.length }
}

const AWAITED: PersonLink = { kind: 'awaited' }

/** Who is asked into a channel is no member of it yet, and one of the space. */
function namesIn(store: Repositories, groupId: GroupId): (memberId: MemberId) => string {
  const over = spaceOver(store, groupId)
  const known = new Map([over, groupId].flatMap((each) => store.directory.members(each)).map(({ memberId, name }) => [memberId, name]))
  return (memberId) => known.get(memberId) ?? UNKNOWN_NAME
}
