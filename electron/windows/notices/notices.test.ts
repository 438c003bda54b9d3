import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { ProfileStatus, Settings, Space } from '../../../shared/domain/models.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { channel, message, space } from '../../testing/fixtures/notices.ts'
import { Notices } from './notices.ts'

const open = { kind: 'open', profile: {} } as ProfileStatus
const locked: ProfileStatus = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false }
const a = 'a' as ChannelId

interface Shown {
  body: string
  isUp: boolean
  click: () => void
  leave: () => void
}

function setUp({ isShowing = true } = {}) {
  const clock = new FakeClock()
  const world = {
    settings: usualSettings,
    spaces: [space('Choir', [channel('a', 1), channel('b', 0)])] as Space[],
    watched: null as ChannelId | null,
    gate: Promise.resolve<unknown>(null),
    refusal: null as Error | null,
    asked: 0,
  }
  const shown: Shown[] = []
  const opened: unknown[] = []
  const counts: number[] = []
  const warned: string[] = []
  const answer = async <T>(value: () => T): Promise<T> => {
    await world.gate
    if (world.refusal !== null) throw world.refusal
    return value()
  }
  const notices = new Notices({
    clock,
    logger: { ...silentLogger, warn: (event) => warned.push(event) },
    api: {
      'settings.get': async () => answer((): Settings => world.settings),
      'spaces.list': async () => {
        world.asked += 1
        return answer(() => world.spaces)
      },
    },
    show: ({ body }, { onClick, onGone }) => {
      const one: Shown = { body, isUp: true, click: onClick, leave: onGone }
      shown.push(one)
      return isShowing ? { close: () => (one.isUp = false) } : null
    },
    watched: () => world.watched,
    onOpen: (place) => opened.push(place),
    onUnread: (count) => counts.push(count),
  })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100)
      await setImmediate()
    }
  }
  const hear = (seq: number, channelId = 'a') => notices.heard({ event: 'message.added', data: message(channelId, seq) })
  return { ...{ clock, world, shown, opened, counts, warned, notices, pass, hear }, up: () => shown.filter(({ isUp }) => isUp).length }
}

const read = (unread: number, readSeq: number) => ({ event: 'channel.read', data: { channelId: a, unread, readSeq } }) as const

it('shows what arrived once it has settled, and tells how much is unread', async () => {
  const { hear, pass, shown, counts } = setUp()
  hear(1)
  await pass(300)
  expect(shown).toEqual([])
  await pass(200)
  expect([shown.map(({ body }) => body), counts]).toEqual([['A new message from Bob'], [1]])
})

it('shows nothing of what was read within that time', async () => {
  const { hear, pass, notices, shown, world } = setUp()
  hear(1)
  world.spaces = [space('Choir', [channel('a', 0, { readSeq: 1 })])]
  notices.heard(read(0, 1))
  await pass(5_000)
  expect(shown).toEqual([])
})

it('goes to the message when it is clicked, once, and counts it as told', async () => {
  const { hear, pass, shown, opened, up } = setUp()
  hear(1)
  await pass(500)
  shown[0]?.click()
  shown[0]?.click()
  expect([opened, up()]).toEqual([[{ spaceId: 'Choir', channelId: 'a', messageId: 'a-1' }], 0])
  hear(1)
  await pass(60_000)
  expect(shown).toHaveLength(1)
})

it('closes what was read, and what is looked at', async () => {
  const { hear, pass, notices, up, world } = setUp()
  hear(1)
  await pass(500)
  world.watched = a
  notices.looked()
  await pass(2_000)
  expect(up()).toBe(0)
  world.watched = null
  hear(2)
  await pass(10_000)
  expect(up()).toBe(1)
  world.spaces = [space('Choir', [channel('a', 0, { readSeq: 2 })])]
  notices.heard(read(0, 2))
  await pass(2_000)
  expect(up()).toBe(0)
})

it('replaces a notice by its newer one, which stays though the older is reported gone', async () => {
  const { hear, pass, shown, up } = setUp()
  hear(1)
  await pass(10_000)
  hear(2)
  await pass(10_000)
  shown[0]?.leave()
  shown[0]?.click()
  expect([shown.length, up()]).toEqual([2, 1])
})

it('sees to what comes while it waits for something else', async () => {
  const { hear, pass, shown, world } = setUp()
  hear(1)
  await pass(500)
  hear(2)
  await pass(1_600)
  world.spaces = [space('Choir', [channel('a', 2), channel('b', 1)])]
  hear(1, 'b')
  await pass(1_600)
  expect(shown.map(({ body }) => body)).toEqual(['A new message from Bob', 'A new message from Bob'])
  await pass(60_000)
  expect(shown.at(-1)?.body).toBe('2 new messages, the last one from Bob')
})

it('asks for the spaces every now and then, however much comes', async () => {
  const { hear, pass, world, shown } = setUp()
  for (let seq = 1; seq < 300; seq++) {
    hear(seq)
    await pass(100)
  }
  expect(world.asked).toBeLessThan(25)
  expect(shown.length).toBeLessThan(5)
})

it('asks for nothing because of one’s own messages and a history that is handed over', async () => {
  const { notices, pass, world } = setUp()
  notices.heard({ event: 'message.added', data: message('a', 1, { author: { memberId: 'm', name: 'Ann', self: true } as never }) })
  for (let seq = -1; seq > -500; seq--) notices.heard({ event: 'message.added', data: message('a', seq) })
  await pass(5_000)
  expect(world.asked).toBe(0)
})

it('closes all when the profile is closed, and shows nothing that was asked for before', async () => {
  const { hear, pass, notices, shown, counts, up, world, clock } = setUp()
  hear(1)
  await pass(500)
  expect(up()).toBe(1)
  const gate = Promise.withResolvers<null>()
  world.gate = gate.promise
  hear(1, 'b')
  await pass(5_000)
  notices.heard({ event: 'profile.changed', data: locked })
  expect([up(), counts.at(-1)]).toEqual([0, 0])
  gate.resolve(null)
  await pass(5_000)
  expect([shown.length, up(), clock.pending]).toEqual([1, 0, []])
  shown[0]?.click()
  notices.heard({ event: 'profile.changed', data: open })
  await pass(5_000)
  expect([shown.length, counts.at(-1)]).toEqual([1, 1])
})

it('shows nothing that waited when the profile is closed', async () => {
  const { hear, pass, notices, shown, clock } = setUp()
  hear(1)
  notices.heard({ event: 'profile.changed', data: locked })
  await pass(5_000)
  expect([shown, clock.pending]).toEqual([[], []])
})

it('follows what is wished while a message waits and while it is shown', async () => {
  const { hear, pass, notices, shown, up, world } = setUp()
  hear(1)
  world.settings = { ...usualSettings, notices: 'off' }
  await pass(500)
  expect(shown).toEqual([])
  world.settings = { ...usualSettings, notices: 'with-text' }
  hear(2)
  await pass(5_000)
  expect(shown.map(({ body }) => body)).toEqual(['Bob: text 2'])
  world.settings = usualSettings
  notices.heard({ event: 'settings.changed', data: usualSettings })
  await pass(5_000)
  expect(up()).toBe(0)
})

it('shows no text that was wished when it asked, and is not any more', async () => {
  const { hear, pass, notices, shown, world } = setUp()
  world.settings = { ...usualSettings, notices: 'with-text' }
  const gate = Promise.withResolvers<null>()
  const asked = { ...world.settings }
  world.gate = gate.promise
  hear(1)
  await pass(500)
  world.settings = { ...asked, notices: 'off' }
  notices.heard({ event: 'settings.changed', data: world.settings })
  world.settings = asked
  gate.resolve(null)
  await setImmediate()
  world.settings = { ...asked, notices: 'off' }
  await pass(5_000)
  expect(shown).toEqual([])
})

it('goes on where the system shows none, and says nothing of it', async () => {
  const { hear, pass, shown, warned, counts } = setUp({ isShowing: false })
  hear(1)
  await pass(5_000)
  hear(2)
  await pass(60_000)
  expect([shown.length, warned, counts.at(-1)]).toEqual([2, [], 1])
})

it('is quiet about a profile that is locked meanwhile, and goes on after what it does not expect', async () => {
  const { hear, pass, shown, warned, world } = setUp()
  world.refusal = new AppError('locked', 'Locked.')
  hear(1)
  await pass(2_000)
  world.refusal = new TypeError('no')
  hear(2)
  await pass(2_000)
  expect([shown, warned]).toEqual([[], ['notices-not-planned']])
  world.refusal = null
  hear(3)
  await pass(2_000)
  expect(shown).toHaveLength(1)
})

it('closes all when it stops, and does nothing more', async () => {
  const { hear, pass, notices, shown, up, clock } = setUp()
  hear(1)
  await pass(500)
  hear(2)
  notices.stop()
  expect(up()).toBe(0)
  hear(3)
  await pass(60_000)
  expect([shown.length, clock.pending]).toEqual([1, []])
})
