import * as z from 'zod'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { limits } from '../../../shared/ipc/schemas.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { relayOf } from '../../network/libp2p/relay-address.ts'
import type { Repositories } from '../../ports/store.ts'
import type { PeerAddress } from '../../ports/wire.ts'

/** As many as an invitation names of its maker (`PeerBook.linkPeers`): one may fail. More would be whoever made it up filling all places. */
export const RELAYS_PER_INVITATION = 2

const KEY = 'invited-relays'
const schema = z.array(z.tuple([z.string(), z.array(z.string())]))

/** Which relays each space was joined by, the space joined last first, of each the newest first. */
type BySpace = readonly (readonly [string, readonly string[]])[]

const read = (store: Pick<Repositories, 'settings'>): BySpace => {
  const bytes = store.settings.get(KEY)
  return (bytes && fromCbor(bytes, schema)) ?? []
}

/** The relays of an invitation that count, each once, whatever its address. */
export function namedRelays(peers: readonly PeerAddress[]): string[] {
  const byId = new Map<string, string>()
  for (const address of peers.flatMap((peer) => peer.addresses)) {
    const relay = relayOf(address)
    if (relay !== null && !byId.has(relay.relayId)) byId.set(relay.relayId, relay.address)
  }
  return [...byId.values()].slice(0, RELAYS_PER_INVITATION)
}

/**
 * Notes the relays by which a space was joined; answers all that are used on from now, of what was used before and these. Where there is no
 * room for all, each space has one before any has a second: members who are away are reached by it, and what they left lies in its mailbox.
 */
export function withInvited(
  tx: Pick<Repositories, 'settings'>,
  { groupId, relays, before }: { groupId: GroupId; relays: readonly string[]; before: readonly string[] },
): string[] {
  const noted = read(tx).map(([space, all]) => [space, all.filter((address) => before.includes(address))] as const)
  const own = noted.find(([space]) => space === groupId)?.[1] ?? []
  const others = noted.filter(([space, all]) => space !== groupId && all.length > 0)
  const bySpace: BySpace = [[groupId, [...new Set([...relays, ...own])]], ...others]
  // Of those from before this was noted nobody knows for which space they are: each may be the only one of one.
  const unknown = before.filter((address) => !bySpace.some(([, all]) => all.includes(address)))
  const kept = inTurns([...bySpace.map(([, all]) => all), ...unknown.map((address) => [address])], limits.relays)
  const left = bySpace.map(([space, all]) => [space, all.filter((address) => kept.includes(address))])
  tx.settings.set(KEY, toCbor(left))
  return kept
}

/** The first of each list, then the second of each, and so on, each thing once. */
function inTurns(lists: readonly (readonly string[])[], most: number): string[] {
  const turns = Math.max(0, ...lists.map(({ length }) => length))
  const all = Array.from({ length: turns }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat()
  return [...new Set(all)].slice(0, most)
}
