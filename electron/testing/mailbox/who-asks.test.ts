import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupOfSpace } from '../../../shared/domain/ids.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { PeerAddress } from '../../ports/wire.ts'
import { fakeRecord } from '../fakes/fake-record.ts'
import { away, inTime, say, selfOf, stateOf } from '../fixtures/town.ts'
import type { Resident } from '../fixtures/town.ts'
import { leave, makeMailboxTown, settle } from './mailbox-town.ts'
import type { MailboxTown } from './mailbox-town.ts'

/** SPEC.md, M6: Alice uses two relays, and the others those that they say. */
describe('what a mailbox has', () => {
  let town: MailboxTown
  let alice: Resident
  let bob: Resident
  let carol: Resident
  let ofBob: readonly PeerAddress[]
  let [common, hers]: PeerAddress[] = []

  beforeEach(async () => {
    town = await makeMailboxTown('who asks', 2)
    ;[common, hers] = town.used
    ;[alice, bob, carol] = [await town.arrive('Alice'), await town.arrive('Bob'), await town.arrive('Carol')]
    ofBob = listed(common)
    town.hub.relaysOf = (peerId) => (peerId === bob.peerId ? ofBob : peerId === carol.peerId ? [] : town.used)
  })
  afterEach(() => town.end())

  const listed = (...relays: (PeerAddress | undefined)[]): PeerAddress[] => relays.flatMap((relay) => relay ?? [])
  const down = (mailbox: PeerAddress | undefined) => mailbox && town.hub.setMailbox(mailbox.peerId, null)
  const statesShown = (text: string) =>
    alice.events.flatMap((event: NodeEvent) =>
      event.event === 'message.changed' && event.data.text === text ? event.data.delivery.state : [],
    )

  it('is held for nobody where all who lack it ask another', async () => {
    await settle(town, alice, bob)
    await away(town, bob)
    down(common)
    await leave(town, alice, 'where Bob does not look')
    expect(statesShown('where Bob does not look').at(-1)).toBe('stored')
  })

  it('is held once one that somebody asks has it', async () => {
    await settle(town, alice, bob, carol)
    await away(town, bob, carol)
    down(hers)
    const message = await say(alice, 'where Bob looks')
    await inTime(town, () => stateOf(alice, message), 'held')
  })

  it('is held for nobody where none asks it who is a member still', async () => {
    const space = await settle(town, alice, bob, carol)
    await away(town, bob, carol)
    const message = await say(alice, 'where Bob looks')
    await inTime(town, () => stateOf(alice, message), 'held')
    await alice.api['members.remove']({ spaceId: space.spaceId, memberId: selfOf(bob) })
    expect(await stateOf(alice, message)).toBe('stored')
  })

  it('is held from when somebody is known to ask it, until they are known to ask it no more', async () => {
    const space = await settle(town, alice, bob)
    await away(town, bob)
    down(common)
    const text = 'where Bob may look'
    await leave(town, alice, text)
    const from = { groupId: groupOfSpace(space.spaceId), memberId: selfOf(bob) }
    const says = (seq: number, ...relays: PeerAddress[]) => {
      const addresses = relays.map(({ peerId }) => `/ip4/127.0.0.1/tcp/1/p2p/${peerId}/p2p-circuit/p2p/${bob.peerId}`)
      return alice.handlers.onHints(from, [{ memberId: from.memberId, record: fakeRecord(bob.peerId, addresses, seq) }])
    }
    const shown = () => statesShown(text).at(-1)
    expect(shown()).toBe('stored')
    await says(2, ...listed(common, hers))
    expect(shown()).toBe('held')
    await says(3, ...listed(common))
    expect(shown()).toBe('stored')
  })
})
