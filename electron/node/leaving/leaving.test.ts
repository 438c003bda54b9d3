import { afterEach, beforeEach, expect, it } from 'vitest'
import type { GroupId, MemberId, ObjectId, PeerId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { LeaveAnswer } from '../../ports/wire.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'
import { withoutUs } from '../../sync/group/edge.ts'
import { dropLeaveOffer, makeLeaveOffer } from '../../sync/members/leave-offer.ts'
import { makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Device, World } from '../../testing/fixtures/group-world.ts'
import { sessionWith } from '../../testing/fixtures/session-with.ts'
import { Leaving } from './leaving.ts'

const [BOB, CAROL] = ['bob', 'carol'] as PeerId[] as [PeerId, PeerId]
let world: World
let ann: Device
let bob: Device
let carol: Device
let leaving: Leaving
const asked: PeerId[] = []
const over: GroupId[] = []
beforeEach(async () => {
  world = await makeWorld('leaving')
  bob = await world.found('Bob')
  carol = await world.join(bob, 'Carol')
  ann = await world.join(bob, 'Ann')
  await makeLeaveOffer(ann.group)
  for (const list of [asked, over]) list.length = 0
})
afterEach(() => leaving.stop())

/** Ann leaves, connected to Bob and Carol. Who has no answer falls silent. */
function connected(answers: Partial<Record<PeerId, LeaveAnswer>>, proven = true, known = new Map<PeerId, MemberId>()): void {
  const network: Pick<Network, 'sessions' | 'askLeave'> = {
    sessions: () => [sessionWith(BOB, proven ? bob.group.self : UNPROVEN), sessionWith(CAROL, proven ? carol.group.self : UNPROVEN)],
    askLeave: async (peer) => {
      asked.push(peer)
      const answer = answers[peer]
      if (answer === undefined) throw new AppError('timed-out', 'No answer.')
      return answer
    },
  }
  leaving = new Leaving({
    groups: new Map([[SPACE, ann.group]]),
    network: network as Network,
    clock: world.clock,
    logger: silentLogger,
    identify: (_, peerId) => known.get(peerId) ?? UNPROVEN,
    ended: (groupId) => over.push(groupId),
    stays: () => expect.unreachable(),
  })
  leaving.start()
}

const turns = async () => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** The commit by which it is done has a moment to come. */
async function isOver(): Promise<void> {
  expect(over).toEqual([])
  world.clock.advance(2_000)
  await turns()
  expect(over).toEqual([SPACE])
}

it('asks the next only after a pause where one falls silent, which may have committed it, and not for ever', async () => {
  connected({ [CAROL]: { kind: 'done' } })
  for (let times = 1; times <= 3; times++) {
    await turns()
    expect(asked).toEqual(Array.from({ length: times }, () => BOB))
    world.clock.advance(60_000)
  }
  await turns()
  expect(asked.slice(3)).toEqual([BOB, CAROL])
  await isOver()
})

it('asks the next at once where one puts it off', async () => {
  connected({ [BOB]: { kind: 'later', afterMs: 1_000 }, [CAROL]: { kind: 'done' } })
  await turns()
  expect(asked).toEqual([BOB, CAROL])
  await isOver()
  expect(asked).toEqual([BOB, CAROL])
})

it('tells whoever is there where it meets no member, and believes none of them: whoever was removed could say that it is done', async () => {
  connected({ [BOB]: { kind: 'done' }, [CAROL]: { kind: 'done' } }, false)
  await turns()
  expect([asked, over]).toEqual([[BOB, CAROL], []])
})

it('believes nobody that it is the last owner where it is none', async () => {
  connected({ [BOB]: { kind: 'refused', code: 'last-owner' }, [CAROL]: { kind: 'done' } })
  await turns()
  expect(asked).toEqual([BOB, CAROL])
  await isOver()
  expect(asked).toEqual([BOB, CAROL])
})

it('asks a member that came back by a leaf that is not known here', async () => {
  connected({ [BOB]: { kind: 'done' }, [CAROL]: { kind: 'done' } }, false, new Map([[CAROL, carol.group.self]]))
  await turns()
  expect(asked).toEqual([BOB, CAROL])
  await isOver()
  expect(asked).toEqual([BOB, CAROL])
})

it('that was removed on a branch which lost waits for those who may not hear of that, and believes it in the end', async () => {
  const answers: Partial<Record<PeerId, LeaveAnswer>> = { [BOB]: { kind: 'done' }, [CAROL]: { kind: 'later', afterMs: 1 } }
  const objectId = 'e0'.repeat(32) as ObjectId
  const removal = {
    objectId,
    groupId: SPACE,
    parent: ann.group.tip.row.tip,
    child: withoutUs(objectId),
    author: bob.group.self,
    authorLeaf: 1,
  }
  ann.store.transaction((tx) => tx.commits.put({ ...removal, removes: [ann.group.self] }))
  connected(answers)
  for (let i = 0; i < 10; i++) {
    await turns()
    world.clock.advance(60_000)
  }
  // Those who have not said so are asked first.
  expect(asked.slice(0, 5)).toEqual([BOB, CAROL, BOB, CAROL, BOB])
  expect(over).toEqual([])
  answers[CAROL] = { kind: 'done' }
  for (let i = 0; i < 4; i++) {
    world.clock.advance(60_000)
    await turns()
  }
  expect(over).toEqual([SPACE])
})

it('that came back and leaves again is told of once more: what was said of the first time counts no more', async () => {
  const answers: Partial<Record<PeerId, LeaveAnswer>> = { [BOB]: { kind: 'done' } }
  connected(answers)
  await turns()
  // By the commit it was out, before its time was over; it is invited again, and wants to go again.
  ann.store.transaction((tx) => dropLeaveOffer(tx, SPACE))
  world.clock.advance(600_000)
  await turns()
  answers[BOB] = { kind: 'later', afterMs: 1 }
  answers[CAROL] = { kind: 'later', afterMs: 1 }
  await makeLeaveOffer(ann.group)
  leaving.kick(SPACE)
  await turns()
  expect([asked, over]).toEqual([[BOB, BOB, CAROL], []])
})
