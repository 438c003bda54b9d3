import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId, SpaceId } from '../../shared/domain/ids.ts'
import type { Message } from '../../shared/domain/models.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { Clock } from '../kernel/clock.ts'
import { EventPump } from './event-pump.ts'

/** Time that passes when it is told to. */
class HandClock implements Clock {
  #due: (() => void)[] = []
  readonly waits: number[] = []

  now(): number {
    return 0
  }

  after(ms: number, fn: () => void): () => void {
    this.waits.push(ms)
    this.#due.push(fn)
    return () => {
      this.#due = this.#due.filter((other) => other !== fn)
    }
  }

  get isDue(): boolean {
    return this.#due.length > 0
  }

  pass(): void {
    const due = this.#due
    this.#due = []
    for (const fn of due) fn()
  }
}

const message = (id: string, state: string): Message => ({ messageId: id, delivery: { state } }) as unknown as Message
const added = (id: string): NodeEvent => ({ event: 'message.added', data: message(id, 'stored') })
const changed = (id: string, state: string): NodeEvent => ({ event: 'message.changed', data: message(id, state) })
const members = (spaceId: string, count: number): NodeEvent => ({
  event: 'members.changed',
  data: { spaceId: spaceId as SpaceId, members: Array.from({ length: count }) as never },
})
const clicked = (channelId: string): NodeEvent => ({
  event: 'notice.opened',
  data: { spaceId: 's' as SpaceId, channelId: channelId as ChannelId, messageId: null },
})
const opened = (link: string): NodeEvent => ({ event: 'link.opened', data: { link } })

describe('EventPump', () => {
  let clock = new HandClock()
  let sent: NodeEvent[] = []
  let frames: number[] = []
  let pump = new EventPump(clock, () => undefined)

  const passAll = () => {
    while (clock.isDue) clock.pass()
  }

  beforeEach(() => {
    clock = new HandClock()
    sent = []
    frames = []
    pump = new EventPump(clock, (events) => {
      sent.push(...events)
      frames.push(events.length)
    })
  })

  it('holds what was opened until a page listens, in order, and nothing that the page reads when it starts', () => {
    pump.push(opened('a'))
    pump.push(added('1'))
    pump.push(opened('b'))
    clock.pass()
    expect(sent).toEqual([])
    pump.open()
    pump.push(added('2'))
    clock.pass()
    expect(sent).toEqual([opened('a'), opened('b'), added('2')])
  })

  it('sends a frame at a time, and each event once', () => {
    pump.open()
    pump.push(added('1'))
    pump.push(added('2'))
    expect(sent).toEqual([])
    clock.pass()
    clock.pass()
    expect(sent).toEqual([added('1'), added('2')])
    pump.push(added('3'))
    clock.pass()
    expect(sent).toHaveLength(3)
  })

  it('gives a frame as one, and the page time to draw it where it was much', () => {
    pump.open()
    for (let i = 0; i < 21; i += 1) pump.push(added(String(i)))
    clock.pass()
    pump.push(added('alone'))
    clock.pass()
    pump.push(added('later'))
    clock.pass()
    expect([frames, clock.waits]).toEqual([
      [21, 1, 1],
      [16, 100, 16],
    ])
  })

  it('makes nobody wait for a page that has drawn long since', () => {
    pump.open()
    for (let i = 0; i < 21; i += 1) pump.push(added(String(i)))
    clock.pass()
    clock.pass()
    pump.push(added('alone'))
    expect(clock.waits).toEqual([16, 100, 16])
    clock.pass()
    expect(frames).toEqual([21, 1])
  })

  it('replaces what is overtaken, thing by thing, and never what counts by itself', () => {
    pump.open()
    const events = [added('1'), changed('1', 'held'), members('s', 1), members('t', 1), opened('a'), changed('2', 'held')]
    for (const event of events) pump.push(event)
    pump.push(changed('1', 'delivered'))
    pump.push(members('s', 2))
    pump.push(opened('a'))
    clock.pass()
    expect(sent).toEqual([
      added('1'),
      changed('1', 'delivered'),
      members('s', 2),
      members('t', 1),
      opened('a'),
      changed('2', 'held'),
      opened('a'),
    ])
  })

  it('keeps what was opened while a page is being replaced for the next one, and of two notices the last', () => {
    pump.open()
    pump.push(added('1'))
    pump.push(opened('a'))
    pump.close()
    clock.pass()
    expect(sent).toEqual([])
    pump.push(clicked('one'))
    pump.push(clicked('other'))
    pump.open()
    clock.pass()
    expect(sent).toEqual([opened('a'), clicked('other')])
  })

  it('holds a bounded number for nobody, but lets no number go past a page that listens', () => {
    for (let i = 0; i < 3_000; i += 1) pump.push(opened(String(i)))
    pump.open()
    passAll()
    expect(frames).toEqual([100])
    expect(sent.at(-1)).toEqual(opened('2999'))
    for (let i = 0; i < 3_000; i += 1) pump.push(added(String(i)))
    passAll()
    expect(frames.slice(1)).toEqual(Array.from({ length: 15 }, () => 200))
    expect(sent.slice(100)).toEqual(Array.from({ length: 3_000 }, (_, i) => added(String(i))))
  })
})
