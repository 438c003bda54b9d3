import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ProfileStatus } from '../../shared/domain/models.ts'
import type { Dispatch } from '../node/api/dispatch.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { FirstAnswer } from './first-answer.ts'

describe('before the messenger is loaded', () => {
  const messenger = vi.fn<Dispatch>()
  let loading = Promise.withResolvers<Dispatch>()
  let clock: FakeClock
  let isFresh = true
  let isKeyringSafe = false
  let likely: { recovery: boolean } | null = null
  let openers: { passphrase: boolean; recovery: boolean } | null = null
  let first: FirstAnswer
  const make = () =>
    new FirstAnswer({
      ...{ clock, messenger: loading.promise, isFresh: () => isFresh },
      likelyOpeners: () => likely,
      personalOpeners: async () => openers,
      isKeyringSafe: async () => isKeyringSafe,
    })
  const isWaiting = async (answer: Promise<unknown>) =>
    (await Promise.race([answer, new Promise((r) => setTimeout(r, 5, 'waits'))])) === 'waits'

  beforeEach(() => {
    ;[isFresh, isKeyringSafe, likely, openers, loading, clock] = [
      true,
      false,
      null,
      null,
      Promise.withResolvers<Dispatch>(),
      new FakeClock(),
    ]
    messenger.mockReset().mockResolvedValue({ ok: true, value: 'of the messenger' })
    first = make()
  })

  it.each([true, false])('a folder without a profile says so, and whether a passphrase is needed (a safe keyring: %s)', async (safe) => {
    isKeyringSafe = safe
    expect(await first.dispatch('profile.status', {})).toEqual({ ok: true, value: { kind: 'none', passphraseRequired: !safe } })
  })

  it('so does one that its person has to open, and may be opened by another process meanwhile', async () => {
    ;[isFresh, openers] = [false, { passphrase: true, recovery: true }]
    const locked = { kind: 'locked', passphrase: true, recovery: true, passphraseRequired: true } as const
    expect(await first.dispatch('profile.status', {})).toEqual({ ok: true, value: locked })
    expect(await first.news(async () => locked)).toBeNull()
    const gone = { kind: 'none', passphraseRequired: true } as const
    expect(await first.news(async () => gone)).toEqual(gone)
  })

  it('a form in the page is painted before this process goes on, and a page without one keeps nothing waiting', async () => {
    expect(await isWaiting(first.isPainted())).toBe(false)
    await first.look()
    expect(first.page()).toBe('first-run-required.html')
    const painted = first.isPainted()
    expect(await isWaiting(painted)).toBe(true)
    clock.advance(100)
    expect(await isWaiting(painted)).toBe(false)
  })

  it('everything else waits for the messenger, and so does what is asked of a folder with anything else in it', async () => {
    const list = first.dispatch('spaces.list', {})
    isFresh = false
    const status = first.dispatch('profile.status', {})
    expect([await isWaiting(list), await isWaiting(status)]).toEqual([true, true])
    loading.resolve(messenger)
    expect(await Promise.all([list, status])).toEqual(Array(2).fill({ ok: true, value: 'of the messenger' }))
    expect(messenger.mock.calls).toEqual([
      ['spaces.list', {}],
      ['profile.status', {}],
    ])
  })

  it('what another process made of the folder meanwhile is news to who was told that there is nothing', async () => {
    const made = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } as const
    const status = vi.fn<() => Promise<ProfileStatus>>().mockResolvedValue(made)
    expect([await first.news(status), status.mock.calls.length]).toEqual([null, 0])
    await first.dispatch('profile.status', {})
    expect(await first.news(status)).toEqual(made)
    expect(await first.news(async () => ({ kind: 'none', passphraseRequired: true }))).toBeNull()
  })

  it.each([
    ['makes a profile', true, true, null, 'first-run.html'],
    ['makes one with a passphrase', true, false, null, 'first-run-required.html'],
    ['opens one', false, false, { recovery: false }, 'unlock.html'],
    ['may open one with a recovery phrase', false, true, { recovery: true }, 'unlock-recovery.html'],
    ['is asked for nothing', false, true, null, 'index.html'],
  ])('a window begins with the form of who %s', async (_, fresh, safe, guess, page) => {
    ;[isFresh, isKeyringSafe, likely] = [fresh, safe, guess]
    await first.look()
    expect(first.page()).toBe(page)
    loading.resolve(messenger)
    await loading.promise
    expect(first.page()).toBe('index.html')
  })

  it('and with none while it is not known what the keyring is worth', () => {
    expect(first.page()).toBe('index.html')
  })

  it('no longer once it is', async () => {
    loading.resolve(messenger)
    await loading.promise
    expect(await first.dispatch('profile.status', {})).toEqual({ ok: true, value: 'of the messenger' })
  })

  it('a messenger that cannot be loaded is no secret', async () => {
    const list = first.dispatch('spaces.list', {})
    loading.reject(new Error('damaged'))
    await expect(list).rejects.toThrow('damaged')
    await expect(first.dispatch('profile.status', {})).rejects.toThrow('damaged')
  })

  it('it is loaded at once where there is a profile that it may open', async () => {
    isFresh = false
    await first.isDrawn()
    expect(clock.pending).toEqual([])
  })

  it.each([
    ['a first', true, null],
    ['its person', false, { passphrase: true, recovery: false }],
  ])('else, with a form for %s, when the page asked and had a moment, and also for a page that never asks', async (_, fresh, person) => {
    ;[isFresh, openers] = [fresh, person]
    const drawn = first.isDrawn()
    await expect.poll(() => clock.pending, { interval: 1 }).toEqual([3_000])
    first.asked()
    await expect.poll(() => clock.pending, { interval: 1 }).toEqual([150])
    expect(await isWaiting(drawn)).toBe(true)
    clock.advance(150)
    await drawn

    first = make()
    const late = first.isDrawn()
    await expect.poll(() => clock.pending, { interval: 1 }).toEqual([3_000])
    clock.advance(3_000)
    await expect.poll(() => clock.pending, { interval: 1 }).toEqual([150])
    clock.advance(150)
    await late
  })
})
