import type { GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { LinkedPerson, PersonLink } from '../../../shared/domain/connection-people.ts'
import { groupBy } from '../../kernel/group-by.ts'
import type { SessionStatus } from '../../ports/network.ts'
import type { PeerRow, Repositories } from '../../ports/store.ts'

export interface LinkReader {
  /** How a member of a group is connected, and when they were last. */
  of(groupId: GroupId, memberId: MemberId): Pick<LinkedPerson, 'link' | 'lastSeenAt'>
  /** Addresses at which a member of a group says that they are. */
  addresses(groupId: GroupId, memberId: MemberId): string[]
}

/** What the sessions and the peer book say of members, each read once: the view of a connection is made often. */
export function linkReader(store: Repositories, sessions: readonly SessionStatus[]): LinkReader {
  const byPeer = new Map(sessions.map((session) => [session.peerId, session]))
  const proven = new Map<string, SessionStatus>()
  for (const session of sessions)
    if (session.state === 'ready') for (const { groupId, memberId } of session.shared) proven.set(`${groupId}/${memberId}`, session)
  let book: Map<MemberId, PeerRow[]> | null = null
  const rowsOf = (memberId: MemberId): PeerRow[] => (book ??= groupBy(store.peers.list(), (row) => row.memberId)).get(memberId) ?? []
  return {
    of: (groupId, memberId) => {
      const rows = rowsOf(memberId)
      const seen = rows.flatMap(({ seenAt }) => seenAt ?? [])
      const here = proven.get(`${groupId}/${memberId}`)
      const link = here === undefined ? linkByBook(rows, byPeer) : ({ kind: 'connected', path: here.path } as const)
      return { link, lastSeenAt: seen.length === 0 ? null : Math.max(...seen) }
    },
    addresses: (groupId, memberId) => rowsOf(memberId).flatMap((row) => (row.groupId === groupId ? row.addresses : [])),
  }
}

/** The nearer to a connection the earlier: somebody may have several devices. */
const NEARNESS = ['unproven', 'connecting', 'unreachable'] as const satisfies PersonLink['kind'][]

/** Of whoever has proven nothing in this group: what the sessions with their devices say, as far as these are known. */
function linkByBook(rows: readonly PeerRow[], byPeer: ReadonlyMap<PeerId, SessionStatus>): PersonLink {
  const links = rows.flatMap(({ peerId }) => linkOfSession(byPeer.get(peerId)))
  const nearest = NEARNESS.map((kind) => links.find((link) => link.kind === kind)).find((link) => link !== undefined)
  const isFindable = rows.some(({ addresses }) => addresses.length > 0)
  // A try without an address says nothing that the lack of one does not.
  if (nearest === undefined || (nearest.kind === 'unreachable' && !isFindable)) return { kind: isFindable ? 'not-tried' : 'no-address' }
  return nearest
}

function linkOfSession(session: SessionStatus | undefined): PersonLink | [] {
  if (session === undefined) return []
  const { state, lastError, retryAt } = session
  switch (state) {
    case 'ready':
      return { kind: 'unproven' }
    case 'dialing':
    case 'handshaking':
    case 'proving':
      return { kind: 'connecting', state }
    case 'backing-off':
    case 'closed':
      return { kind: 'unreachable', state, lastError, retryAt }
  }
}
