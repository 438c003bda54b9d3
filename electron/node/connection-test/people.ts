import type { AwayPerson } from '../../../shared/domain/connection-check.ts'
import type { MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Reachability } from '../../../shared/domain/models.ts'
import { isNear, localHosts } from '../../network/libp2p/addresses.ts'
import type { Network } from '../../ports/network.ts'
import type { PeerRow, Repositories } from '../../ports/store.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { letInAt } from '../../sync/invitations/let-in.ts'

/** Everybody with whom a space is shared, once each: how many are connected, and who is not. */
export function peopleOf(store: Repositories, network: Network, level: Reachability): { connected: number; away: AwayPerson[] } {
  const known = everybody(store)
  const here = new Set(network.sessions().flatMap(({ state, shared }) => (state === 'ready' ? shared.map(({ memberId }) => memberId) : [])))
  const away = known.filter(({ memberIds }) => !memberIds.some((memberId) => here.has(memberId))).map((person) => awayPerson(person, level))
  return { connected: known.length - away.length, away: away.sort((a, b) => (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0)) }
}

interface Person {
  name: string
  /** One in each space. */
  memberIds: MemberId[]
  rows: PeerRow[]
  letInAt: number | null
}

/** In every space somebody is another member, and on the same device: where that is known they are one. */
function everybody(store: Repositories): Person[] {
  const rows = store.peers.list()
  const people = new Map<MemberId | PeerId, Person>()
  for (const { groupId, selfMemberId } of store.groups.list()) {
    if (readEnded(store, groupId) !== null) continue
    for (const { memberId, name, active } of store.directory.members(groupId)) {
      if (!active || memberId === selfMemberId || people.has(memberId)) continue
      const own = rows.filter((row) => row.memberId === memberId)
      const ids = [memberId, ...own.map(({ peerId }) => peerId)]
      const known = ids.map((id) => people.get(id)).find((one) => one !== undefined)
      const person = known ?? { name, memberIds: [], rows: [], letInAt: null }
      person.memberIds.push(memberId)
      person.rows.push(...own)
      person.letInAt ??= letInAt(store, groupId, memberId)
      for (const id of ids) people.set(id, person)
    }
  }
  return [...new Set(people.values())]
}

function awayPerson({ name, rows, letInAt: at }: Person, level: Reachability): AwayPerson {
  const seen = rows.flatMap(({ seenAt }) => seenAt ?? [])
  return { name, lastSeenAt: seen.length === 0 ? null : Math.max(...seen), letInAt: at, ways: waysOf(rows, level) }
}

/** By what kinds of addresses a person is looked for; at `local` none that leads beyond. */
export function waysOf(rows: readonly Pick<PeerRow, 'addresses'>[], level: Reachability, hosts = localHosts(false)): AwayPerson['ways'] {
  const all = [...new Set(rows.flatMap(({ addresses }) => addresses))]
  const near = all.filter((address) => isNear(address, hosts))
  const relayed = all.filter((address) => address.includes('/p2p-circuit'))
  const far = all.length - near.length - relayed.length
  return level === 'local' ? { near: near.length, far: 0, relayed: 0 } : { near: near.length, far, relayed: relayed.length }
}
