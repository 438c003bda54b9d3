import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { SharedGroup, WelcomeRequest } from '../../ports/wire.ts'
import type { Resident } from '../fixtures/town.ts'
import { eventually } from '../fixtures/town.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

let world: PrivateWorld
let alice: Resident
let bob: Resident
let carol: Resident

beforeEach(async () => {
  world = await makePrivateWorld('parts of a channel')
  ;({ alice, bob, carol } = world)
})
afterEach(() => world.town.end())

describe('a member of a private channel', () => {
  it('is out also if it restarts before it has decided about the commit that removes it (F3)', async () => {
    const channelId = await world.make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    const groupId = (await world.channel(bob, 'plans')).membersOf as string as GroupId
    const { tip } = bob.messenger.group(groupId).tip.row
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    // Time stands still: so the choice is not made yet.
    await eventually(() => bob.store.commits.outOf(groupId, tip).length, 1)
    for (const one of [alice, carol]) await world.away(one)
    expect(await world.sees(bob)).toEqual(['plans (private)'])
    await world.back(bob)
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
  })

  it('who was removed is not called back by somebody who came in by a commit that lost, and neither is that one in (P6, P9)', async () => {
    const channelId = await world.make(alice, 'plans', [bob])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await world.away(bob)
    await alice.api['channels.removeMember']({ channelId, memberId: world.idOf(bob) })
    await world.away(alice)
    await world.back(bob)
    await bob.api['channels.addMember']({ channelId, memberId: world.idOf(carol) })
    await world.talks(bob, channelId, 'the two of us', [])
    await world.inTime(() => world.sees(carol), ['plans (private)'])
    await world.back(alice)
    await world.inTime(() => world.sees(bob), ['plans (private, removed)'])
    await world.inTime(() => world.sees(carol), ['plans (private, removed)'], 500)
    expect(await world.sees(bob)).toEqual(['plans (private, removed)'])
    expect(await world.members(alice, channelId)).toEqual(['Alice owner'])
    // Whoever is there may let both in again.
    for (const one of [bob, carol]) await alice.api['channels.addMember']({ channelId, memberId: world.idOf(one) })
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'], 500)
    await world.talks(carol, channelId, 'the three of us', [alice, bob])
  })

  it('who leaves waits for nobody who is out of the space (P8)', async () => {
    const channelId = await world.make(alice, 'plans', [bob])
    await world.inTime(() => world.sees(bob), ['plans (private)'])
    await world.away(bob)
    await alice.api['channels.leave']({ channelId })
    expect(await world.sees(alice)).toEqual(['plans (private, leaving)'])
    await alice.api['members.remove']({ spaceId: world.space.spaceId, memberId: world.idOf(bob) })
    await world.inTime(() => world.sees(alice), [], 500)
  })

  it('who left is not called back in by somebody who has not heard of that, and may be taken in again (P6)', async () => {
    const channelId = await world.make(alice, 'plans', [bob, carol])
    for (const one of [bob, carol]) await world.inTime(() => world.sees(one), ['plans (private)'])
    await world.talks(alice, channelId, 'hello', [bob, carol])
    await world.away(bob)
    await carol.api['channels.leave']({ channelId })
    await world.inTime(() => carol.store.groups.list().length, 1)
    await world.away(alice)
    await world.back(carol)
    await world.back(bob)
    const answers: string[] = []
    const { handlers } = carol
    const { onWelcome } = handlers
    handlers.onWelcome = async (from, request) => {
      const answer = await onWelcome(from, request)
      if (request.kind === 'call') answers.push(answer.kind)
      return answer
    }
    await world.inTime(() => answers.length > 2, true, 500)
    expect(new Set(answers)).toEqual(new Set(['refused']))
    expect(await world.sees(carol)).toEqual([])
    await world.back(alice)
    await world.inTime(() => world.members(bob, channelId), ['Alice owner', 'Bob member'])
    await alice.api['channels.addMember']({ channelId, memberId: world.idOf(carol) })
    await world.inTime(() => world.sees(carol), ['plans (private)'], 500)
    await world.talks(carol, channelId, 'here again', [alice, bob])
  })

  it('enters nothing any more once it stops: nobody would take part in that', async () => {
    const calls: [SharedGroup, WelcomeRequest][] = []
    const { handlers } = carol
    const { onWelcome } = handlers
    handlers.onWelcome = (from, request) => {
      if (request.kind === 'offers') return onWelcome(from, request)
      calls.push([from, request])
      return Promise.resolve({ kind: 'later', afterMs: 60_000 })
    }
    await world.make(alice, 'plans', [carol])
    await world.inTime(() => calls.length > 0, true)
    const [call] = calls
    await carol.stop()
    expect(call && (await onWelcome(...call))).toMatchObject({ kind: 'later' })
    expect(carol.store.groups.list()).toHaveLength(1)
  })
})
