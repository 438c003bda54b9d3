import { beforeEach, describe, expect, it } from 'vitest'
import type { Join, JoinState } from '../../../shared/domain/models.ts'
import type { JoinId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Network } from '../../ports/network.ts'
import type { JoinRow } from '../../ports/store.ts'
import type { JoinAnswer, JoinRequest, PeerAddress } from '../../ports/wire.ts'
import { enterGroup } from '../../sync/group/found-group.ts'
import { admit } from '../../sync/invitations/admit.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { asking, HOUR, linkOf, makeWorld, SPACE } from '../../testing/fixtures/group-world.ts'
import type { Blank, Device, World } from '../../testing/fixtures/group-world.ts'
import type { JoinDeps } from './join-runner.ts'
import { Joins, readLink } from './joins.ts'

type Asked = { peer: PeerAddress; request: JoinRequest; signal: AbortSignal; onStep: (step: 'connecting' | 'asking') => void }
type Answering = (asked: Asked) => Promise<JoinAnswer>

let world: World
let ann: Device
let link: InvitationLink
let bob: Blank
let shown: JoinState[]
let asked: Asked[]
let answering: Answering
beforeEach(async () => {
  world = await makeWorld('joins')
  ann = await world.found('Ann')
  link = await linkOf(ann, 'member')
  bob = world.device('Bob')
  shown = []
  asked = []
  answering = () => Promise.reject(new AppError('unreachable', 'nobody there'))
})

/** What Ann says who is asked; her answer reaches whoever asked. */
const byAnn: Answering = async ({ request, onStep }) => {
  onStep('asking')
  const answer = await admit(ann.group, request)
  return answer.kind === 'welcome' ? { ...answer, peers: [] } : answer
}
const refusing =
  (code: Extract<JoinAnswer, { kind: 'refused' }>['code']): Answering =>
  async () => ({ kind: 'refused', code })

const entered: JoinDeps['enter'] = (row, { state, offer }) =>
  enterGroup(bob.deps, state, offer.encodedIdentity, (tx) => {
    tx.joins.put(row)
  })

/** The joins of Bob's profile; calling it again is a restart. */
function open({ enter = entered }: { enter?: JoinDeps['enter'] } = {}): Joins {
  const network = {
    join: (peer: PeerAddress, request: JoinRequest, options: Omit<Asked, 'peer' | 'request'>) => {
      asked.push({ peer, request, ...options })
      return answering({ peer, request, ...options })
    },
  } as unknown as Network
  return new Joins({
    ...{ store: bob.store, engine: world.engine, clock: world.clock, random: bob.deps.random, logger: silentLogger, network },
    enter,
    changed: (row) => shown.push(row.state),
  })
}

const only = (joins: Joins): Join => {
  const [join, ...more] = joins.list()
  if (join === undefined || more.length > 0) throw new Error(`there are ${joins.list().length} joins`)
  return join
}
const stored = (joinId: JoinId): JoinRow => {
  const row = bob.store.joins.get(joinId)
  if (row === null) throw new Error('the join is stored')
  return row
}
const reaches = (joins: Joins, kind: JoinState['kind']) => expect.poll(() => only(joins).state.kind, { interval: 5 }).toBe(kind)
const start = (joins: Joins, changes: Partial<InvitationLink> = {}) => joins.start(encodeLink({ ...link, ...changes }), 'Bob')

describe('a join', () => {
  it('goes through its steps and ends in the space', async () => {
    answering = byAnn
    const joins = open()
    await start(joins)
    await reaches(joins, 'done')
    expect(shown).toEqual([
      { kind: 'working', step: 'connecting' },
      { kind: 'working', step: 'connecting' },
      { kind: 'working', step: 'asking' },
      { kind: 'working', step: 'opening' },
      { kind: 'done', spaceId: SPACE },
    ])
    expect(bob.store.groups.get(SPACE)?.tip).toBe(ann.group.tip.row.tip)
    expect(ann.store.directory.members(SPACE).map((m) => m.name)).toContain('Bob')
  })

  it('keeps no key of the request once it has ended', async () => {
    answering = byAnn
    const joins = open()
    const { joinId } = await start(joins)
    expect(stored(joinId).keyPackages.length).toBeGreaterThan(0)
    await reaches(joins, 'done')
    expect([stored(joinId).keyPackages.length, stored(joinId).identity.length]).toEqual([0, 0])
  })

  it('is stored before anybody is asked', async () => {
    answering = async () => {
      expect(bob.store.joins.list()).toHaveLength(1)
      return { kind: 'later', afterMs: 1 }
    }
    const joins = open()
    await start(joins)
    await reaches(joins, 'waiting')
    expect(asked).toHaveLength(1)
  })

  it('asks whom the link names, in order, until somebody answers', async () => {
    const peers = ['A', 'B', 'C'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    answering = (a) => (a.peer.peerId === peers[1]?.peerId ? byAnn(a) : Promise.reject(new AppError('unreachable', 'no')))
    const joins = open()
    await start(joins, { peers })
    await reaches(joins, 'done')
    expect(asked.map((a) => a.peer.peerId)).toEqual([peers[0]?.peerId, peers[1]?.peerId])
    expect(new Set(asked.map((a) => a.request.requestId)).size).toBe(1)
  })
})

describe('starting', () => {
  it.each([
    ['no link', () => 'hello', 'invitation-malformed'],
    ['an expired link', () => encodeLink({ ...link, expiresAt: world.clock.now() - 1 }), 'invitation-expired'],
  ])('with %s is refused at once', async (_, text, code) => {
    const joins = open()
    await expect(joins.start(text(), 'Bob')).rejects.toMatchObject({ code })
    expect(() => readLink(text(), world.clock.now())).toThrow(expect.objectContaining({ code }))
    expect(joins.list()).toEqual([])
  })

  it('twice, at once or later, is one join', async () => {
    const joins = open()
    const [first, second] = await Promise.all([start(joins), start(joins)])
    expect(second.joinId).toBe(first.joinId)
    await reaches(joins, 'waiting')
    const third = await joins.start(`  ${encodeLink({ ...link, spaceName: 'other words' })}\n`, 'Bob')
    expect(third.joinId).toBe(first.joinId)
    await expect.poll(() => asked.length).toBe(2)
  })

  it('again after it ended is a new join', async () => {
    answering = refusing('invitation-revoked')
    const joins = open()
    const first = await start(joins)
    await reaches(joins, 'refused')
    expect((await start(joins)).joinId).not.toBe(first.joinId)
  })

  it('is refused where we are members already', async () => {
    answering = byAnn
    const joins = open()
    await start(joins)
    await reaches(joins, 'done')
    await expect(start(joins)).rejects.toMatchObject({ code: 'already-member' })
  })

  it('is refused when too many are under way', async () => {
    answering = () => new Promise(() => undefined)
    const joins = open()
    for (let i = 0; i < 20; i++) await start(joins, { groupId: i.toString(16).padStart(32, '0') as InvitationLink['groupId'] })
    await expect(start(joins)).rejects.toMatchObject({ code: 'too-large' })
  })

  it('that cannot be stored starts nothing', async () => {
    const joins = open()
    bob.store.failNext()
    await expect(start(joins)).rejects.toThrow('disk is full')
    expect([asked, shown, joins.list()]).toEqual([[], [], []])
  })
})

describe('an answer', () => {
  it.each(['invitation-malformed', 'invitation-expired', 'invitation-used-up', 'invitation-revoked', 'already-member'] as const)(
    '%s ends the join, with words and without its keys',
    async (code) => {
      answering = refusing(code)
      const joins = open()
      const { joinId } = await start(joins)
      await reaches(joins, 'refused')
      expect(only(joins).state).toMatchObject({ kind: 'refused', code, message: expect.stringMatching(/\.$/) as string })
      expect(stored(joinId).keyPackages).toHaveLength(0)
      world.clock.advance(HOUR)
      expect([asked.length, world.clock.pending]).toEqual([1, []])
    },
  )

  it.each(['invitation-wrong-space', 'not-permitted'] as const)('%s speaks of one member only: the next is asked', async (code) => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    answering = (a) => (a.peer.peerId === peers[0]?.peerId ? refusing(code)(a) : byAnn(a))
    const joins = open()
    await start(joins, { peers })
    await reaches(joins, 'done')
  })

  it.each(['invitation-wrong-space', 'not-permitted'] as const)('%s of everybody ends the join', async (code) => {
    answering = refusing(code)
    const joins = open()
    await start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code })
  })

  it('of one that cannot be reached beside one that may not keeps the join alive', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    answering = (a) =>
      a.peer.peerId === peers[0]?.peerId ? refusing('not-permitted')(a) : Promise.reject(new AppError('unreachable', 'no'))
    const joins = open()
    await start(joins, { peers })
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ code: 'unreachable' })
  })

  it('to come later is waited for, as long as it says', async () => {
    let answers = 0
    answering = (a) => (answers++ === 0 ? Promise.resolve({ kind: 'later', afterMs: 7_000 }) : byAnn(a))
    const joins = open()
    await start(joins)
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ step: 'admitting', retryAt: world.clock.now() + 7_000 })
    world.clock.advance(6_999)
    expect(asked).toHaveLength(1)
    world.clock.advance(1)
    await reaches(joins, 'done')
  })

  it.each([
    ['unreachable', 'unreachable'],
    ['timed-out', 'timed-out'],
    ['cancelled', 'timed-out'],
  ] as const)('that fails as %s is tried again, later each time, with the same request', async (thrown, code) => {
    answering = () => Promise.reject(new AppError(thrown, 'secret detail'))
    const joins = open()
    await start(joins)
    const delays: number[] = []
    for (let i = 1; i <= 7; i++) {
      await expect.poll(() => world.clock.pending.length, { interval: 5 }).toBe(1)
      expect(only(joins).state).toMatchObject({ kind: 'waiting', code })
      expect(JSON.stringify(only(joins))).not.toContain('secret')
      delays.push(world.clock.pending[0] ?? 0)
      world.clock.advance(delays.at(-1) ?? 0)
      await expect.poll(() => asked.length, { interval: 5 }).toBe(i + 1)
    }
    for (const [i, delay] of delays.entries()) {
      const most = Math.min(60_000, 2_000 * 2 ** i)
      expect(delay).toBeGreaterThanOrEqual(most / 2)
      expect(delay).toBeLessThanOrEqual(most)
    }
    expect(new Set(asked.map((a) => a.request.requestId)).size).toBe(1)
  })

  it('that is a fault of the network is no end either', async () => {
    answering = () => Promise.reject(new TypeError('a bug'))
    const joins = open()
    await start(joins)
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ code: 'internal' })
  })

  it('with a Welcome that does not open ends the join', async () => {
    answering = async () => ({ kind: 'welcome', welcome: new Uint8Array(50), commits: [], peers: [] })
    const joins = open()
    await start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code: 'invitation-malformed' })
    expect(bob.store.groups.list()).toEqual([])
  })

  it("with another's Welcome ends the join", async () => {
    const other = await asking(world, world.device('Eve'), link)
    answering = async () => {
      const answer = await admit(ann.group, other.request)
      return answer.kind === 'welcome' ? { ...answer, peers: [] } : answer
    }
    const joins = open()
    await start(joins)
    await reaches(joins, 'refused')
    expect(bob.store.groups.list()).toEqual([])
  })
})

describe('a Welcome that could not be entered', () => {
  it.each(['already-member', 'invitation-malformed'] as const)('for good (%s) ends the join', async (code) => {
    answering = byAnn
    const joins = open({ enter: () => Promise.reject(new AppError(code, 'no')) })
    await start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code })
    expect(world.clock.pending).toEqual([])
  })

  it('this time, for want of space on the disk, is entered the next time by the same request', async () => {
    answering = byAnn
    const failing = open({ enter: () => Promise.reject(new AppError('disk', 'full')) })
    await start(failing)
    await reaches(failing, 'waiting')
    expect(only(failing).state).toMatchObject({ code: 'disk', step: 'opening' })
    await failing.stop()
    const again = open()
    again.resume()
    await reaches(again, 'done')
    expect(ann.group.members()).toHaveLength(2)
  })

  it('and whose failure could not be stored either is tried again all the same', async () => {
    answering = async (a) => {
      bob.store.failNext()
      return byAnn(a)
    }
    const joins = open({ enter: () => Promise.reject(new AppError('disk', 'full')) })
    const { joinId } = await start(joins)
    await expect.poll(() => world.clock.pending, { interval: 5 }).toEqual([60_000])
    expect(stored(joinId).state).toEqual({ kind: 'working', step: 'connecting' })
    answering = refusing('invitation-revoked')
    world.clock.advance(60_000)
    await reaches(joins, 'refused')
  })
})

describe('the end of an invitation', () => {
  it('ends the join that waits for it', async () => {
    const joins = open()
    await start(joins)
    await reaches(joins, 'waiting')
    world.clock.advance(HOUR)
    await expect.poll(() => world.clock.pending.length, { interval: 5 }).toBe(1)
    world.clock.advance(60_000)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code: 'invitation-expired' })
    expect(asked).toHaveLength(2)
  })
})

describe('joining by two invitations to one space', () => {
  it('ends the second once the first is done, and asks for nobody twice', async () => {
    const second = await linkOf(ann, 'guest')
    const joins = open()
    const waiting = await joins.start(encodeLink(second), 'Bob')
    await reaches(joins, 'waiting')
    answering = byAnn
    await start(joins)
    await expect.poll(() => joins.list().map((j) => j.state.kind), { interval: 5 }).toContain('done')
    world.clock.advance(60_000)
    await expect.poll(() => stored(waiting.joinId).state, { interval: 5 }).toMatchObject({ kind: 'refused', code: 'already-member' })
    expect(ann.group.members()).toHaveLength(2)
  })
})

describe('a restart', () => {
  it('goes on with the same request, and the Welcome given before is the Welcome given now', async () => {
    answering = async (a) => {
      await byAnn(a)
      throw new AppError('timed-out', 'the answer was lost')
    }
    const before = open()
    const { joinId } = await start(before)
    await reaches(before, 'waiting')
    await before.stop()
    expect(world.clock.pending).toEqual([])
    answering = byAnn
    const after = open()
    after.resume()
    await reaches(after, 'done')
    expect(only(after).joinId).toBe(joinId)
    expect(ann.group.members()).toHaveLength(2)
    expect(asked[0]?.request).toEqual(asked[1]?.request)
  })

  it('leaves alone what has ended', async () => {
    answering = refusing('invitation-revoked')
    const before = open()
    await start(before)
    await reaches(before, 'refused')
    await before.stop()
    open().resume()
    expect(asked).toHaveLength(1)
  })

  it('with a stored link it can no longer read ends the join in words', async () => {
    const before = open()
    const { joinId } = await start(before)
    await reaches(before, 'waiting')
    await before.stop()
    bob.store.transaction((tx) => tx.joins.put({ ...stored(joinId), link: 'spacepanda:join/of-another-version' }))
    const after = open()
    after.resume()
    await reaches(after, 'refused')
    expect(only(after).state).toMatchObject({ code: 'invitation-malformed' })
  })

  it('in the middle of asking stores nothing of it', async () => {
    answering = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'stopped')), { once: true }))
    const joins = open()
    const { joinId } = await start(joins)
    await expect.poll(() => asked.length).toBe(1)
    const before = stored(joinId)
    const seen = shown.length
    await joins.stop()
    expect(stored(joinId)).toEqual(before)
    expect(shown).toHaveLength(seen)
  })
})

describe('cancelling', () => {
  it('ends what is under way, without its keys, and for good', async () => {
    answering = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'stopped')), { once: true }))
    const joins = open()
    const { joinId } = await start(joins)
    await expect.poll(() => asked.length).toBe(1)
    expect((await joins.cancel(joinId)).state).toEqual({ kind: 'cancelled' })
    expect(stored(joinId).keyPackages).toHaveLength(0)
    expect(shown.at(-1)).toEqual({ kind: 'cancelled' })
    joins.retry(joinId)
    world.clock.advance(HOUR)
    expect([asked.length, only(joins).state.kind]).toEqual([1, 'cancelled'])
  })

  it('ends one that waits', async () => {
    const joins = open()
    const { joinId } = await start(joins)
    await reaches(joins, 'waiting')
    await joins.cancel(joinId)
    expect(world.clock.pending).toEqual([])
  })

  it('is in time while the answer is still on its way: nothing is entered', async () => {
    const gate = Promise.withResolvers<null>()
    answering = async (a) => {
      const answer = await byAnn(a)
      await gate.promise
      return answer
    }
    const joins = open()
    const { joinId } = await start(joins)
    await expect.poll(() => ann.group.members().length, { interval: 5 }).toBe(2)
    const cancelled = joins.cancel(joinId)
    gate.resolve(null)
    expect((await cancelled).state.kind).toBe('cancelled')
    expect(bob.store.groups.list()).toEqual([])
  })

  it('comes too late for one that is entering the space: what is joined is joined', async () => {
    answering = byAnn
    const [gate, entering] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()]
    const joins = open({
      enter: async (row, opened) => {
        entering.resolve(null)
        await gate.promise
        return entered(row, opened)
      },
    })
    const { joinId } = await start(joins)
    await entering.promise
    const cancelled = joins.cancel(joinId)
    gate.resolve(null)
    expect((await cancelled).state).toEqual({ kind: 'done', spaceId: SPACE })
    expect(bob.store.groups.get(SPACE)).not.toBeNull()
  })

  it('does nothing to one that has ended', async () => {
    answering = byAnn
    const joins = open()
    const { joinId } = await start(joins)
    await reaches(joins, 'done')
    expect((await joins.cancel(joinId)).state).toEqual({ kind: 'done', spaceId: SPACE })
  })
})

describe('retrying', () => {
  it('asks now instead of later, and once', async () => {
    const joins = open()
    const { joinId } = await start(joins)
    await reaches(joins, 'waiting')
    joins.retry(joinId)
    joins.retry(joinId)
    await expect.poll(() => world.clock.pending.length, { interval: 5 }).toBe(1)
    expect(asked).toHaveLength(2)
  })
})

describe('dismissing', () => {
  it('takes an ended join off the list, and none that is under way', async () => {
    const joins = open()
    const { joinId } = await start(joins)
    await reaches(joins, 'waiting')
    expect(() => joins.dismiss(joinId)).toThrow(expect.objectContaining({ code: 'invalid' }))
    await joins.cancel(joinId)
    joins.dismiss(joinId)
    expect(joins.list()).toEqual([])
    expect(() => joins.dismiss(joinId)).toThrow(expect.objectContaining({ code: 'not-found' }))
    expect(() => joins.retry(joinId)).toThrow(expect.objectContaining({ code: 'not-found' }))
    await expect(joins.cancel(joinId)).rejects.toMatchObject({ code: 'not-found' })
  })
})
