// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { CodedError } from '../../../shared/ipc/error-codes.ts'
import type { StoredDraft } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { createClient } from '../../bridge/client.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { idOf } from '../../testing/make.ts'
import { emptyWorld } from '../../testing/world.ts'
import { createDraftsStore, draftOf } from './drafts-store.ts'

const [here, there] = [idOf<ChannelId>('here'), idOf<ChannelId>('there')]

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function begin(stored: readonly StoredDraft[] = []) {
  const fake = createFakeBridge(emptyWorld({ drafts: [...stored] }))
  const sent: string[] = []
  let answer: (error: CodedError | null) => void = () => expect.unreachable('nothing was sent')
  const drafts = createDraftsStore(createClient(fake), (_, text) => {
    sent.push(text)
    return new Promise((resolve) => (answer = resolve))
  })
  const text = (channelId: ChannelId) => draftOf(drafts.store.getState(), channelId).text
  return { fake, drafts, sent, text, answer: (error: CodedError | null) => answer(error) }
}

it('keeps a draft for each channel', () => {
  const { drafts, text } = begin()
  drafts.write(here, 'one')
  drafts.write(there, 'two')
  expect([text(here), text(there)]).toEqual(['one', 'two'])
})

it('keeps what was sent off until it is safe, and has room for the next at once', async () => {
  const { fake, drafts, sent, text, answer } = begin()
  drafts.write(here, '  hello \n')
  const sending = drafts.submit(here)
  expect(text(here)).toBe('')
  drafts.write(here, 'and')
  drafts.keep()
  await vi.advanceTimersByTimeAsync(0)
  expect(fake.world.drafts).toEqual([{ channelId: here, text: 'hello\nand' }])
  answer(null)
  expect(await sending).toBe(true)
  await vi.advanceTimersByTimeAsync(0)
  expect([text(here), sent, fake.world.drafts]).toEqual(['and', ['hello'], [{ channelId: here, text: 'and' }]])
})

it('sends what is written quickly one after the other, each by itself', async () => {
  const { fake, drafts, sent, text, answer } = begin()
  const sending = ['one', 'two', 'three'].map((body) => {
    drafts.write(here, body)
    return drafts.submit(here)
  })
  await vi.advanceTimersByTimeAsync(0)
  // At once: a window that dies now has it.
  expect(fake.world.drafts).toEqual([{ channelId: here, text: 'one\ntwo\nthree' }])
  for (const done of sending) {
    answer(null)
    expect(await done).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
  }
  expect([sent, text(here), fake.world.drafts]).toEqual([['one', 'two', 'three'], '', []])
})

it('gives back all that came after the one that failed, in its order, and sends it together when asked again', async () => {
  const { drafts, sent, text, answer } = begin()
  const sending = ['one', 'two'].map((body) => {
    drafts.write(here, body)
    return drafts.submit(here)
  })
  drafts.write(here, 'thr')
  answer({ code: 'disk', message: '' })
  expect(await Promise.all(sending)).toEqual([false, false])
  expect([text(here), sent]).toEqual(['one\ntwo\nthr', ['one']])
  const again = drafts.submit(here)
  answer(null)
  expect([await again, sent, text(here)]).toEqual([true, ['one', 'one\ntwo\nthr'], ''])
})

it('keeps the text when sending fails, and what was typed meanwhile in any case', async () => {
  const { drafts, text, answer } = begin()
  drafts.write(here, 'first')
  const failing = drafts.submit(here)
  answer({ code: 'disk', message: '' })
  expect(await failing).toBe(false)
  expect(text(here)).toBe('first')
  expect(draftOf(drafts.store.getState(), here).error?.code).toBe('disk')

  const passing = drafts.submit(here)
  drafts.write(here, 'and more')
  answer(null)
  await passing
  expect(text(here)).toBe('and more')
})

it('sends once though Enter is pressed twice, and nothing that is blank', async () => {
  const { drafts, sent, answer } = begin()
  drafts.write(here, 'once')
  const first = drafts.submit(here)
  expect(await drafts.submit(here)).toBe(false)
  answer(null)
  await first
  drafts.write(here, ' \n ')
  expect(await drafts.submit(here)).toBe(false)
  expect(sent).toEqual(['once'])
})

it('has what was kept, and what was typed before it came', async () => {
  const { drafts, text } = begin([
    { channelId: here, text: 'kept here' },
    { channelId: there, text: 'kept there' },
  ])
  const stop = drafts.start()
  drafts.write(here, 'typed')
  await vi.advanceTimersByTimeAsync(0)
  expect([text(here), text(there)]).toEqual(['typed', 'kept there'])
  stop()
})

it('keeps what is typed within half a second, however long somebody types, and forgets what is sent or taken away', async () => {
  const { fake, drafts, answer } = begin()
  const puts = () => fake.calls.filter(({ method }) => method === 'drafts.put').length
  for (const typed of ['w', 'wo', 'wor', 'word', 'words', 'words ']) {
    drafts.write(here, typed)
    await vi.advanceTimersByTimeAsync(200)
  }
  expect(puts()).toBe(2)
  await vi.advanceTimersByTimeAsync(500)
  expect([puts(), fake.world.drafts]).toEqual([2, [{ channelId: here, text: 'words ' }]])
  const sending = drafts.submit(here)
  answer(null)
  await sending
  expect(fake.world.drafts).toEqual([])
  drafts.write(there, 'something')
  drafts.write(there, '')
  await vi.advanceTimersByTimeAsync(500)
  expect(fake.world.drafts).toEqual([])
})

it.each<[string, (drafts: ReturnType<typeof begin>['drafts'], stop: () => void) => void]>([
  ['the field is left', (drafts) => drafts.keep()],
  ['the window closes', () => window.dispatchEvent(new Event('pagehide'))],
  ['the profile closes', (_, stop) => stop()],
])('keeps what was typed last at once when %s', async (_, happens) => {
  const { fake, drafts } = begin()
  const stop = drafts.start()
  drafts.write(here, 'half a wor')
  happens(drafts, stop)
  await vi.advanceTimersByTimeAsync(0)
  expect(fake.world.drafts).toEqual([{ channelId: here, text: 'half a wor' }])
  stop()
})

it('takes a draft to another channel, after what stands there, and leaves none behind', async () => {
  const { fake, drafts, text } = begin([{ channelId: here, text: 'old' }])
  drafts.write(there, 'theirs')
  drafts.write(here, 'mine')
  drafts.move(here, there)
  expect([text(here), text(there)]).toEqual(['', 'theirs\nmine'])
  await vi.advanceTimersByTimeAsync(500)
  expect(fake.world.drafts).toEqual([{ channelId: there, text: 'theirs\nmine' }])
})

it.each<[string, CodedError | null, string]>([
  ['nothing that was sent', null, ''],
  ['what was not sent', { code: 'disk', message: '' }, 'hello'],
])('takes along %s', async (_, error, expected) => {
  const { drafts, text, answer } = begin()
  drafts.write(here, 'hello')
  const sending = drafts.submit(here)
  drafts.move(here, there)
  expect([text(here), text(there)]).toEqual(['', ''])
  answer(error)
  await sending
  expect([text(here), text(there)]).toEqual(['', expected])
  expect(draftOf(drafts.store.getState(), there).error).toEqual(error)
})

it('keeps nothing in place of one that is longer than any that is kept', async () => {
  const { fake, drafts, text } = begin()
  drafts.write(here, 'x'.repeat(limits.draft + 1))
  await vi.advanceTimersByTimeAsync(500)
  expect(fake.world.drafts).toEqual([])
  expect(text(here)).toHaveLength(limits.draft + 1)
})
