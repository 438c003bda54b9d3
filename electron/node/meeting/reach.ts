import * as z from 'zod'
import type { GroupId, PeerId } from '../../../shared/domain/ids.ts'
import type { Reach } from '../../../shared/domain/models.ts'
import { limits, reachability } from '../../../shared/ipc/schemas.ts'
import { fromCbor, toCbor } from '../../kernel/cbor.ts'
import { AppError } from '../../kernel/errors.ts'
import { readRelayAddress } from '../../network/libp2p/relay-address.ts'
import type { AddressFault } from '../../network/libp2p/relay-address.ts'
import type { Network, Reach as NetworkReach } from '../../ports/network.ts'
import type { Repositories, Store } from '../../ports/store.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { namedRelays, withInvited } from './invited-relays.ts'

const REACH = 'reach'
const addresses = z.array(z.string().max(limits.address)).max(limits.relays)
const record = z.strictObject({ reachability, relays: addresses, invitedRelays: addresses, bootstrap: addresses })

/** The local network, and the relays that invitations name by which this device joins. */
const USUAL: Reach = { reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] }

export function readReach(store: Pick<Repositories, 'settings'>): Reach {
  const bytes = store.settings.get(REACH)
  return (bytes && fromCbor(bytes, record)) ?? USUAL
}

const writeReach = (tx: Pick<Repositories, 'settings'>, reach: Reach): void => tx.settings.set(REACH, toCbor(reach))

export function forNetwork({ reachability: level, relays, invitedRelays, bootstrap }: Reach): NetworkReach {
  return { level, relays: [...new Set([...relays, ...invitedRelays])].slice(0, limits.relays), bootstrap }
}

/** Where what is for members who are away may be left: the relays that may be used now. Whether one keeps a mailbox shows when it is asked. */
export function mailboxesOf(store: Pick<Repositories, 'settings'>): PeerAddress[] {
  const { level, relays } = forNetwork(readReach(store))
  if (level === 'local') return []
  return relays.flatMap((text) => {
    const read = readRelayAddress(text)
    return typeof read === 'string' ? [] : { peerId: read.relayId as PeerId, addresses: [read.address] }
  })
}

/** Changes by whom this device is found. Throws `AppError('invalid')` on an address that is none, and changes nothing then. */
export async function setReach({ store, network }: { store: Store; network: Network }, wished: Reach): Promise<Reach> {
  const before = readReach(store)
  const reach: Reach = {
    reachability: wished.reachability,
    relays: checked(wished.relays, network.localPeer),
    invitedRelays: before.invitedRelays.filter((address) => wished.invitedRelays.includes(address)),
    bootstrap: checked(wished.bootstrap, network.localPeer),
  }
  store.transaction((tx) => writeReach(tx, reach))
  await network.setReach(forNetwork(reach))
  return reach
}

/** Takes up the relays of an invitation by which this device joined a space (`invited-relays.ts`); whether there was a new one. */
export function takeInvitedRelays(tx: Pick<Repositories, 'settings'>, groupId: GroupId, peers: readonly PeerAddress[]): boolean {
  const before = readReach(tx)
  const relays = namedRelays(peers)
  if (relays.length === 0) return false
  const invitedRelays = withInvited(tx, { groupId, relays, before: before.invitedRelays })
  writeReach(tx, { ...before, invitedRelays })
  return invitedRelays.some((address) => !before.invitedRelays.includes(address))
}

const words: Record<AddressFault, string> = {
  malformed: 'A relay’s address looks like this: /ip4/203.0.113.7/tcp/4001/p2p/12D3KooW… Copy it as the relay printed it.',
  'no-key': 'This address does not say by which key to know the relay: it has to end in /p2p/12D3KooW…, as the relay printed it.',
  'a-name':
    'A relay has to be given by its number on the network (/ip4/… or /ip6/…): looking up a name would tell others what you look for.',
  relayed: 'This is the way to somebody by a relay. Take the part before /p2p-circuit: that is the relay.',
}

function checked(given: readonly string[], self: PeerId): string[] {
  const read = given.map((text) => {
    const address = readRelayAddress(text)
    if (typeof address === 'string') throw new AppError('invalid', words[address])
    // A place on oneself is none, and a test of it says nothing.
    if (address.relayId === self) throw new AppError('invalid', 'This is the address of this device.')
    return address
  })
  if (new Set(read.map(({ relayId }) => relayId)).size < read.length) throw new AppError('invalid', 'The same relay is given twice.')
  return read.map(({ address }) => address)
}
