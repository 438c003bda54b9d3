import { describe, expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Message, NoticeMode, Space } from '../../../shared/domain/models.ts'
import { channel, message, space } from '../../testing/fixtures/notices.ts'
import { arrived, dismissed, MOST_A_MINUTE, MOST_SHOWN, nothingTold, plan, removed } from './plan.ts'
import type { Look, NoticeState, Plan } from './plan.ts'

const NOON = 1_800_000_000_000
const id = (name: string) => name as ChannelId

/** A desktop on which notices are shown. */
class Desktop {
  state: NoticeState = nothingTold
  now = NOON
  mode: NoticeMode = 'without-text'
  watched: ChannelId | null = null
  spaces: Space[] = []
  readonly shows: string[] = []
  readonly up = new Set<string>()

  hear(...messages: Message[]): this {
    for (const one of messages) this.state = arrived(this.state, one)
    return this
  }

  look(part: Partial<Look> = {}): Plan {
    const { now, mode, watched, spaces } = this
    const planned = plan(this.state, { now, mode, watched, spaces, ...part })
    this.state = planned.state
    for (const key of planned.close) this.up.delete(key)
    if (planned.show !== null) {
      this.up.add(planned.show.key)
      this.shows.push(planned.show.body)
    }
    return planned
  }

  pass(ms: number): this {
    this.now += ms
    return this
  }
}

const choir = (...channels: Parameters<typeof channel>[]) => [
  space(
    'Choir',
    channels.map((one) => channel(...one)),
  ),
]

function setUp(...channels: Parameters<typeof channel>[]): Desktop {
  const desktop = new Desktop()
  desktop.spaces = choir(...channels)
  return desktop
}

describe('what is told', () => {
  it('is one message, and where it is', () => {
    const { show, close, againMs } = setUp(['a', 1]).hear(message('a', 1)).look()
    expect(show).toEqual({
      key: 'a',
      place: { spaceId: 'Choir', channelId: 'a', messageId: 'a-1' },
      title: '#a · Choir',
      body: 'A new message from Bob',
    })
    expect([close, againMs]).toEqual([[], null])
  })

  it('are several of a channel as one, which leads to where reading stopped', () => {
    const { show } = setUp(['a', 3])
      .hear(message('a', 1), message('a', 2), message('a', 3, { by: 'Mira' }))
      .look()
    expect(show).toMatchObject({ body: '3 new messages, the last one from Mira', place: { messageId: null } })
  })

  it('are hundreds in many channels as one, with the number that the window has', () => {
    const desktop = setUp(['a', 9], ['b', 4], ['c', 1])
    for (let seq = 1; seq < 300; seq++) desktop.hear(message('a', seq), message('b', seq))
    const { show } = desktop.hear(message('c', 1)).look()
    expect(show).toMatchObject({ key: 'many', place: null, title: 'SpacePanda', body: '14 new messages in 3 channels' })
    expect(desktop.look().show).toBeNull()
  })

  it('is of direct messages and private channels, too', () => {
    const desktop = setUp(['Bob', 1, { kind: 'direct' }], ['board', 0, { kind: 'private' }])
    expect(desktop.hear(message('Bob', 1)).look().show).toMatchObject({ title: 'Bob · Choir', body: 'A new message' })
    desktop.spaces = choir(['board', 1, { kind: 'private' }])
    expect(desktop.hear(message('board', 1)).look().show).toMatchObject({ title: 'board · Choir' })
  })

  it('is also what was stored after the spaces were asked for', () => {
    expect(setUp(['a', 0]).hear(message('a', 1)).look().show).toMatchObject({ body: 'A new message from Bob' })
  })

  it('has the text only where that is wished', () => {
    expect(setUp(['a', 1]).hear(message('a', 1)).look({ mode: 'with-text' }).show?.body).toBe('Bob: text 1')
  })
})

describe('what is not told', () => {
  it.each<[string, Partial<Message>]>([
    ['one’s own', { author: { memberId: 'm', name: 'Ann', self: true } as Message['author'] }],
    ['what was said before this device joined', { seq: -3 }],
    ['what has no place of its own', { seq: 0 }],
    ['what was deleted', { deleted: true }],
  ])('is %s', (_, part) => {
    expect(
      setUp(['a', 1])
        .hear(message('a', 1, part))
        .look(),
    ).toMatchObject({ show: null, againMs: null })
  })

  it('is what lies open before somebody', () => {
    const desktop = setUp(['a', 1], ['b', 1]).hear(message('a', 1))
    expect(desktop.look({ watched: id('a') }).show).toBeNull()
    expect(desktop.look().show).toBeNull()
    expect(desktop.hear(message('b', 1)).look({ watched: id('a') }).show).toMatchObject({ key: 'b' })
  })

  it('is what was read already', () => {
    expect(
      setUp(['a', 0, { readSeq: 4 }])
        .hear(message('a', 4))
        .look().show,
    ).toBeNull()
  })

  it('is nothing at all where that is wished, and it is not made up for', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    expect(desktop.look({ mode: 'off' }).show).toBeNull()
    expect(desktop.look().show).toBeNull()
  })

  it('is anything of a space that this device is out of, or of a channel that is not there', () => {
    const removedFrom = { kind: 'removed', at: 1, by: null } as const
    for (const spaces of [
      [space('Choir', [channel('a', 1)], { status: removedFrom })],
      [space('Choir', [channel('a', 1)], { status: { kind: 'leaving', since: 1 } })],
      choir(['a', 1, { status: removedFrom }]),
      [],
    ]) {
      const desktop = new Desktop()
      desktop.spaces = spaces
      expect(desktop.hear(message('a', 1)).look()).toMatchObject({ show: null, againMs: null })
    }
  })

  it('is the same twice, in whatever order it comes again', () => {
    const desktop = setUp(['a', 2]).hear(message('a', 1), message('a', 2), message('a', 1))
    expect(desktop.look().show).toMatchObject({ body: '2 new messages, the last one from Bob' })
    expect(desktop.pass(60_000).hear(message('a', 2), message('a', 1)).look().show).toBeNull()
  })

  it('is what came again after it was read and forgotten', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    desktop.spaces = choir(['a', 0, { readSeq: 1 }])
    desktop.look()
    expect(desktop.pass(60_000).hear(message('a', 1)).look().show).toBeNull()
  })

  it('is a message that was deleted while it waited', () => {
    const desktop = setUp(['a', 1], ['b', 1]).hear(message('a', 1), message('b', 1))
    desktop.state = removed(desktop.state, id('a'), [message('a', 1).messageId])
    expect(desktop.look().show).toMatchObject({ key: 'b' })
    desktop.hear(message('a', 2))
    desktop.state = removed(desktop.state, id('a'), null)
    expect(desktop.pass(60_000).look().show).toBeNull()
  })
})

describe('a notice goes', () => {
  it('when its channel is read, not when another is', () => {
    const desktop = setUp(['a', 1], ['b', 1]).hear(message('a', 1))
    desktop.look()
    desktop.spaces = choir(['a', 1], ['b', 0, { readSeq: 1 }])
    expect(desktop.look().close).toEqual([])
    desktop.spaces = choir(['a', 0, { readSeq: 1 }], ['b', 0])
    expect(desktop.look().close).toEqual(['a'])
    expect(desktop.look().close).toEqual([])
  })

  it('when its channel is looked at', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    expect(desktop.look({ watched: id('a') }).close).toEqual(['a'])
  })

  it('when it may show more than is wished now, or nothing is', () => {
    for (const mode of ['off', 'without-text'] as const) {
      const desktop = setUp(['a', 1]).hear(message('a', 1))
      desktop.look({ mode: 'with-text' })
      expect(desktop.look({ mode })).toMatchObject({ close: ['a'], show: null })
    }
  })

  it('when this device is removed from the space', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    desktop.spaces = [space('Choir', [channel('a', 1)], { status: { kind: 'removed', at: 1, by: 'Bob' } })]
    expect(desktop.look().close).toEqual(['a'])
  })

  it('when its message is deleted, but not for another’s', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    desktop.state = removed(desktop.state, id('a'), [message('a', 9).messageId])
    expect(desktop.look().close).toEqual([])
    desktop.state = removed(desktop.state, id('a'), [message('a', 1).messageId])
    expect(desktop.look().close).toEqual(['a'])
  })

  it('of many when all of them are read', () => {
    const desktop = setUp(['a', 1], ['b', 1]).hear(message('a', 1), message('b', 1))
    desktop.look()
    desktop.spaces = choir(['a', 0, { readSeq: 1 }], ['b', 1])
    expect(desktop.look().close).toEqual([])
    desktop.spaces = choir(['a', 0, { readSeq: 1 }], ['b', 0, { readSeq: 1 }])
    expect(desktop.look().close).toEqual(['many'])
  })
})

describe('however much comes', () => {
  it('the same channel has one notice, which a newer one replaces, ever more rarely', () => {
    const desktop = setUp(['a', 1])
    const times: number[] = []
    for (let second = 0; second < 600; second++) {
      desktop.hear(message('a', second + 1))
      if (desktop.look().show !== null) times.push(second)
      desktop.pass(1_000)
    }
    expect([...desktop.up]).toEqual(['a'])
    expect(times).toEqual([0, 5, 15, 35, 75, 155, 315])
  })

  it('says when to look again, and tells then what waited', () => {
    const desktop = setUp(['a', 2]).hear(message('a', 1))
    desktop.look()
    const early = desktop.pass(1_000).hear(message('a', 2)).look()
    expect(early).toMatchObject({ show: null, againMs: 4_000 })
    expect(desktop.pass(4_000).look().show).toMatchObject({ body: '2 new messages, the last one from Bob' })
  })

  it('somebody who reads is told of the next at once', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    desktop.spaces = choir(['a', 1, { readSeq: 1 }])
    expect(desktop.pass(500).hear(message('a', 2)).look().show).toMatchObject({ key: 'a' })
  })

  it('after a while of quiet it is as at first', () => {
    const desktop = setUp(['a', 1])
    for (let seq = 1; seq < 40; seq++) desktop.pass(5_000).hear(message('a', seq)).look()
    desktop.pass(3_600_000)
    expect(desktop.hear(message('a', 50)).look().show).not.toBeNull()
    expect(desktop.pass(5_000).hear(message('a', 51)).look().show).not.toBeNull()
  })

  it('there are few on the desktop, and few a minute, from a member who makes channels to flood', () => {
    const names = Array.from({ length: 200 }, (_, index) => `c${index}`)
    const desktop = setUp(...names.map((name): Parameters<typeof channel> => [name, 1]))
    for (const [index, name] of names.entries()) {
      desktop.hear(message(name, index + 1)).look()
      expect(desktop.up.size).toBeLessThanOrEqual(MOST_SHOWN + 1)
      desktop.pass(1_500)
    }
    expect(desktop.shows.length).toBeLessThanOrEqual(MOST_A_MINUTE * 5)
    expect([...desktop.up]).toEqual(['many'])
    desktop.pass(120_000).look()
    expect(desktop.shows.at(-1)).toBe('200 new messages in 200 channels')
    expect(desktop.state.waiting.size).toBe(0)
  })

  it('one that comes soon after many belongs to them; one that comes later is told by itself', () => {
    const desktop = setUp(['a', 1], ['b', 1], ['c', 1], ['d', 1]).hear(message('a', 1), message('b', 1))
    desktop.look()
    expect(desktop.pass(20_000).hear(message('c', 1)).look().show).toMatchObject({ key: 'many', body: '3 new messages in 3 channels' })
    expect(desktop.pass(600_000).hear(message('d', 1)).look().show).toMatchObject({ key: 'd' })
  })

  it('many take the place of single ones of the same channels, and leave the others', () => {
    const desktop = setUp(['a', 2], ['b', 1], ['c', 1]).hear(message('a', 1))
    desktop.look()
    desktop.pass(10_000).hear(message('c', 1)).look()
    const { show, close } = desktop.pass(60_000).hear(message('a', 2), message('b', 1)).look()
    expect([show?.body, close, [...desktop.up]]).toEqual(['3 new messages in 2 channels', ['a'], ['c', 'many']])
  })

  it('a notice that was taken away makes room, and its message is not told again', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    desktop.look()
    desktop.state = dismissed(desktop.state, id('a'))
    expect(desktop.pass(60_000).hear(message('a', 1)).look()).toMatchObject({ show: null, close: [] })
  })

  it('a clock that is put back holds nothing up', () => {
    const desktop = setUp(['a', 1]).hear(message('a', 1))
    for (let index = 0; index < MOST_A_MINUTE; index++)
      desktop
        .pass(400_000)
        .hear(message('a', index + 2))
        .look()
    desktop.now -= 86_400_000
    expect(desktop.hear(message('a', 99)).look().show).not.toBeNull()
  })

  it('changes nothing of what it was given', () => {
    const state = arrived(nothingTold, message('a', 1))
    const before = structuredClone(state)
    plan(state, { now: NOON, mode: 'with-text', spaces: choir(['a', 1]), watched: null })
    expect(state).toEqual(before)
    expect(nothingTold).toEqual({ waiting: new Map(), shown: new Map(), told: new Map(), recent: [] })
  })
})
