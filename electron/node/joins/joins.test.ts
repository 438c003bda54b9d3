import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import type { JoinAnswer, PeerAddress, Welcomer } from '../../ports/wire.ts'
import { encodeLink } from '../../sync/invitations/link.ts'
import type { InvitationLink } from '../../sync/invitations/link.ts'
import { GUEST_PEER, asking, HOUR, SPACE } from '../../testing/fixtures/group-world.ts'
import { answerBy, JoinTable, only, reaches, refusing } from '../../testing/fixtures/join-table.ts'
import type { Asked } from '../../testing/fixtures/join-table.ts'
import { readLink } from './joins.ts'

/** A proof that is none. */
const NOBODY: Welcomer = { leafIndex: 0, signature: new Uint8Array(64) }

let t: JoinTable
beforeEach(async () => {
  t = await JoinTable.set()
})

describe('a join', () => {
  it('goes through its steps and ends in the space', async () => {
    t.answering = t.byAnn
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'done')
    expect(t.shown).toEqual([
      { kind: 'working', step: 'connecting' },
      { kind: 'working', step: 'connecting' },
      { kind: 'working', step: 'asking' },
      { kind: 'working', step: 'opening' },
      { kind: 'done', spaceId: SPACE },
    ])
    expect(t.bob.store.groups.get(SPACE)?.tip).toBe(t.ann.group.tip.row.tip)
    expect(t.ann.store.directory.members(SPACE).map((m) => m.name)).toContain('Bob')
  })

  it('knows who let it in where that member says so itself, to this peer and from that one', async () => {
    const mallory = `12D3KooW${'M'.repeat(44)}` as PeerAddress['peerId']
    const elsewhere = { peerId: `12D3KooW${'E'.repeat(44)}` as PeerAddress['peerId'], addresses: [] }
    const ways: [boolean, (a: Asked) => Promise<JoinAnswer>][] = [
      [true, (a) => t.byAnn(a)],
      // Whoever is asked passes the request on, and brings back what Ann said.
      [false, (a) => answerBy(t.ann.group, { ...a, peer: elsewhere }, mallory)],
      [false, (a) => answerBy(t.ann.group, { ...a, peer: elsewhere })],
      [false, (a) => answerBy(t.ann.group, a, mallory)],
      [false, async (a) => ({ ...(await answerBy(t.ann.group, a)), by: NOBODY })],
    ]
    for (const [isKnown, answering] of ways) {
      t = await JoinTable.set()
      t.answering = answering
      const joins = t.open()
      await t.start(joins)
      await reaches(joins, 'done')
      expect(t.welcomers).toEqual([isKnown ? t.ann.group.self : null])
    }
  })

  it('keeps nothing secret in its row once it has ended, and its keys as long as what let it in may lose', async () => {
    t.answering = t.byAnn
    const joins = t.open()
    const { joinId } = await t.start(joins)
    const offered = () => t.bob.store.mls.keyPackagesOf(SPACE).length
    expect(offered()).toBe(2)
    await reaches(joins, 'done')
    expect([offered(), t.stored(joinId).identity.length]).toEqual([2, 0])
  })

  it('is stored before anybody is asked', async () => {
    t.answering = async () => {
      expect(t.bob.store.joins.list()).toHaveLength(1)
      return { kind: 'later', afterMs: 1 }
    }
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'waiting')
    expect(t.asked).toHaveLength(1)
  })

  it('asks whom the link names, in order, until somebody answers', async () => {
    const peers = ['A', 'B', 'C'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => (a.peer.peerId === peers[1]?.peerId ? t.byAnn(a) : Promise.reject(new AppError('unreachable', 'no')))
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'done')
    expect(t.asked.map((a) => a.peer.peerId)).toEqual([peers[0]?.peerId, peers[1]?.peerId])
    expect(new Set(t.asked.map((a) => a.request.requestId)).size).toBe(1)
  })
})

describe('starting', () => {
  it.each([
    ['no link', () => 'hello', 'invitation-malformed'],
    ['an expired link', () => encodeLink({ ...t.link, expiresAt: t.world.clock.now() - 1 }), 'invitation-expired'],
  ])('with %s is refused at once', async (_, text, code) => {
    const joins = t.open()
    await expect(joins.start(text(), 'Bob')).rejects.toMatchObject({ code })
    expect(() => readLink(text(), t.world.clock.now())).toThrow(expect.objectContaining({ code }))
    expect(joins.list()).toEqual([])
  })

  it('twice, at once or later, is one join', async () => {
    const joins = t.open()
    const [first, second] = await Promise.all([t.start(joins), t.start(joins)])
    expect(second.joinId).toBe(first.joinId)
    await reaches(joins, 'waiting')
    const third = await joins.start(`  ${encodeLink({ ...t.link, spaceName: 'other words' })}\n`, 'Bob')
    expect(third.joinId).toBe(first.joinId)
    await expect.poll(() => t.asked.length).toBe(2)
  })

  it('with a whole message finds the link in it, also where a mail program broke it, and keeps the link alone', async () => {
    const joins = t.open()
    const link = encodeLink(t.link)
    const pasted = `Come in:\r\n<${link.slice(0, 70)}\r\n ${link.slice(70)}>.\r\nAnn`
    const { joinId } = await joins.start(pasted, 'Bob')
    expect(t.bob.store.joins.get(joinId)?.link).toBe(link)
    expect(readLink(pasted, t.world.clock.now())).toMatchObject({ groupId: t.link.groupId, text: link })
  })

  it('with two links is refused in words that say so', () => {
    const two = `${encodeLink(t.link)} ${encodeLink({ ...t.link, spaceName: 'another' })}`
    expect(() => readLink(two, t.world.clock.now())).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('more than one invitation link') as string }),
    )
  })

  it('again after it ended is a new join', async () => {
    t.answering = refusing('invitation-revoked')
    const joins = t.open()
    const first = await t.start(joins)
    await reaches(joins, 'refused')
    expect((await t.start(joins)).joinId).not.toBe(first.joinId)
  })

  it('is refused where we are members already', async () => {
    t.answering = t.byAnn
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'done')
    await expect(t.start(joins)).rejects.toMatchObject({ code: 'already-member' })
  })

  it('is refused when too many are under way', async () => {
    t.answering = () => new Promise(() => undefined)
    const joins = t.open()
    for (let i = 0; i < 20; i++) await t.start(joins, { groupId: i.toString(16).padStart(32, '0') as InvitationLink['groupId'] })
    await expect(t.start(joins)).rejects.toMatchObject({ code: 'too-large' })
  })

  it('that cannot be stored starts nothing', async () => {
    const joins = t.open()
    t.bob.store.failNext()
    await expect(t.start(joins)).rejects.toThrow('disk is full')
    expect([t.asked, t.shown, joins.list()]).toEqual([[], [], []])
  })
})

describe('an answer', () => {
  it.each(['invitation-malformed', 'invitation-expired', 'invitation-used-up', 'invitation-revoked', 'already-member'] as const)(
    '%s ends the join, with words and without its keys',
    async (code) => {
      t.answering = refusing(code)
      const joins = t.open()
      const { joinId } = await t.start(joins)
      await reaches(joins, 'refused')
      expect(only(joins).state).toMatchObject({ kind: 'refused', code, message: expect.stringMatching(/\.$/) as string })
      expect([t.bob.store.mls.keyPackagesOf(SPACE), t.stored(joinId).identity.length]).toEqual([[], 0])
      t.world.clock.advance(HOUR)
      expect([t.asked.length, t.world.clock.pending]).toEqual([1, []])
    },
  )

  it.each(['invitation-wrong-space', 'not-permitted'] as const)('%s speaks of one member only: the next is asked', async (code) => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => (a.peer.peerId === peers[0]?.peerId ? refusing(code)(a) : t.byAnn(a))
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'done')
  })

  it.each(['invitation-revoked', 'invitation-expired', 'invitation-used-up', 'invitation-malformed'] as const)(
    '%s of one alone, who may be wrong or mean no good, keeps nobody out whom the next lets in',
    async (code) => {
      const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
      t.answering = (a) => (a.peer.peerId === peers[0]?.peerId ? refusing(code)(a) : t.byAnn(a))
      const joins = t.open()
      await t.start(joins, { peers })
      await reaches(joins, 'done')
    },
  )

  it.each([
    ['cannot be reached', 'refused', (): Promise<JoinAnswer> => Promise.reject(new AppError('unreachable', 'no'))],
    ['does not know the invitation yet', 'waiting', (): Promise<JoinAnswer> => Promise.resolve({ kind: 'later', afterMs: 5_000 })],
  ] as const)('that it was withdrawn, where the other %s: the join is %s', async (_, kind, other) => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => (a.peer.peerId === peers[0]?.peerId ? refusing('invitation-revoked')(a) : other())
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, kind)
  })

  it.each(['invitation-revoked', 'removed'] as const)(
    '%s of two, again and again, ends the join though a third says to wait',
    async (code) => {
      const peers = ['A', 'B', 'C'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
      let rounds = 0
      t.answering = (a) => {
        if (a.peer.peerId !== peers[2]?.peerId) return refusing(code)(a)
        rounds += 1
        return Promise.resolve({ kind: 'later', afterMs: 5_000 })
      }
      const joins = t.open()
      await t.start(joins, { peers })
      const ends = () => {
        t.world.clock.advance(1_000)
        return only(joins).state
      }
      await expect.poll(ends, { interval: 5 }).toMatchObject({ kind: 'refused', code })
      expect(rounds).toBe(8)
    },
  )

  it.each([
    ['everybody', ['removed', 'removed']],
    ['one, where the other is in the space no more', ['removed', 'invitation-wrong-space']],
  ] as const)('that it was removed of %s, again and again, ends the join: that removal may fall meanwhile', async (_, codes) => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => refusing(codes[peers.findIndex(({ peerId }) => peerId === a.peer.peerId)] ?? 'removed')(a)
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ code: 'removed', step: 'admitting' })
    const ends = () => {
      t.world.clock.advance(5_000)
      return only(joins).state
    }
    await expect.poll(ends, { interval: 5 }).toMatchObject({ kind: 'refused', code: 'removed' })
    expect(t.asked).toHaveLength(8 * peers.length)
  })

  it('that it was removed of one, while another cannot be reached, who may know better, keeps the join alive', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    let isBack = false
    t.answering = (a) => {
      if (a.peer.peerId === peers[0]?.peerId) return refusing('removed')(a)
      return isBack ? t.byAnn(a) : Promise.reject(new AppError('unreachable', 'no'))
    }
    const joins = t.open()
    await t.start(joins, { peers })
    const passes = () => {
      t.world.clock.advance(60_000)
      return t.asked.length
    }
    await expect.poll(passes, { interval: 5 }).toBeGreaterThan(24)
    expect(only(joins).state).toMatchObject({ kind: 'waiting' })
    isBack = true
    const ends = () => {
      t.world.clock.advance(1_000)
      return only(joins).state.kind
    }
    await expect.poll(ends, { interval: 5 }).toBe('done')
  })

  it.each(['invitation-wrong-space', 'not-permitted'] as const)('%s of everybody ends the join', async (code) => {
    t.answering = refusing(code)
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code })
  })

  it('of one that cannot be reached beside one that may not keeps the join alive', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) =>
      a.peer.peerId === peers[0]?.peerId ? refusing('not-permitted')(a) : Promise.reject(new AppError('unreachable', 'no'))
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ code: 'unreachable' })
  })

  it('that is lost after the question arrived is no reason to ask a second member at once, who might admit us once more', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => {
      if (a.peer.peerId === peers[1]?.peerId) return t.byAnn(a)
      if (t.asked.length === 1) a.onStep('asking')
      return Promise.reject(new AppError('timed-out', 'no answer'))
    }
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ step: 'asking', code: 'timed-out' })
    expect(t.asked).toHaveLength(1)
    t.world.clock.advance(t.world.clock.pending[0] ?? 0)
    await reaches(joins, 'done')
    expect(t.asked.map((a) => a.peer.peerId)).toEqual([peers[0]?.peerId, peers[0]?.peerId, peers[1]?.peerId])
  })

  it('that never comes, however often one is asked, keeps nobody from asking the next', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) => {
      if (a.peer.peerId === peers[1]?.peerId) return t.byAnn(a)
      a.onStep('asking')
      return Promise.reject(new AppError('timed-out', 'no answer'))
    }
    const joins = t.open()
    await t.start(joins, { peers })
    for (let tries = 1; tries <= 3; tries++) {
      await expect.poll(() => t.asked.length, { interval: 5 }).toBe(tries)
      await reaches(joins, 'waiting')
      t.world.clock.advance(60_000)
    }
    await reaches(joins, 'done')
    expect(t.asked.map((a) => a.peer.peerId)).toEqual([...Array.from({ length: 4 }, () => peers[0]?.peerId), peers[1]?.peerId])
    expect(t.ann.group.members()).toHaveLength(2)
  })

  it('to come later is waited for, as long as it says', async () => {
    let answers = 0
    t.answering = (a) => (answers++ === 0 ? Promise.resolve({ kind: 'later', afterMs: 7_000 }) : t.byAnn(a))
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ step: 'admitting', retryAt: t.world.clock.now() + 7_000 })
    t.world.clock.advance(6_999)
    expect(t.asked).toHaveLength(1)
    t.world.clock.advance(1)
    await reaches(joins, 'done')
  })

  it.each([
    ['unreachable', 'unreachable'],
    ['timed-out', 'timed-out'],
    ['cancelled', 'timed-out'],
  ] as const)('that fails as %s is tried again, later each time, with the same request', async (thrown, code) => {
    t.answering = () => Promise.reject(new AppError(thrown, 'secret detail'))
    const joins = t.open()
    await t.start(joins)
    const delays: number[] = []
    for (let i = 1; i <= 7; i++) {
      await expect.poll(() => t.world.clock.pending.length, { interval: 5 }).toBe(1)
      expect(only(joins).state).toMatchObject({ kind: 'waiting', code })
      expect(JSON.stringify(only(joins))).not.toContain('secret')
      delays.push(t.world.clock.pending[0] ?? 0)
      t.world.clock.advance(delays.at(-1) ?? 0)
      await expect.poll(() => t.asked.length, { interval: 5 }).toBe(i + 1)
    }
    for (const [i, delay] of delays.entries()) {
      const most = Math.min(60_000, 2_000 * 2 ** i)
      expect(delay).toBeGreaterThanOrEqual(most / 2)
      expect(delay).toBeLessThanOrEqual(most)
    }
    expect(new Set(t.asked.map((a) => a.request.requestId)).size).toBe(1)
  })

  it('that is a fault of the network is no end either', async () => {
    t.answering = () => Promise.reject(new TypeError('a bug'))
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'waiting')
    expect(only(joins).state).toMatchObject({ code: 'internal' })
  })

  it('with a Welcome that does not open ends the join', async () => {
    t.answering = async () => ({ kind: 'welcome', welcome: new Uint8Array(50), commits: [], peers: [], by: NOBODY })
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'refused')
    expect(only(joins).state).toMatchObject({ code: 'invitation-malformed' })
    expect(t.bob.store.groups.list()).toEqual([])
  })

  it('with a Welcome that does not open, of one alone, keeps nobody out whom the next lets in', async () => {
    const peers = ['A', 'B'].map((letter) => ({ peerId: `12D3KooW${letter.repeat(44)}` as PeerAddress['peerId'], addresses: [] }))
    t.answering = (a) =>
      a.peer.peerId === peers[0]?.peerId
        ? Promise.resolve({ kind: 'welcome', welcome: new Uint8Array(50), commits: [], peers: [], by: NOBODY })
        : t.byAnn(a)
    const joins = t.open()
    await t.start(joins, { peers })
    await reaches(joins, 'done')
  })

  it("with another's Welcome ends the join", async () => {
    const other = await asking(t.world, t.world.device('Eve'), t.link)
    t.answering = (a) => answerBy(t.ann.group, { ...a, request: other.request }, GUEST_PEER.peerId)
    const joins = t.open()
    await t.start(joins)
    await reaches(joins, 'refused')
    expect(t.bob.store.groups.list()).toEqual([])
  })
})
