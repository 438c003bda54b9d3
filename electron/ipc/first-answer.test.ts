import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Dispatch } from '../node/api/dispatch.ts'
import { answerFirst } from './first-answer.ts'

describe('before the messenger is loaded', () => {
  const messenger = vi.fn<Dispatch>()
  let loading = Promise.withResolvers<Dispatch>()
  let isFresh = true
  let isKeyringSafe = false
  let ask: Dispatch
  const isWaiting = async (answer: Promise<unknown>) =>
    (await Promise.race([answer, new Promise((r) => setTimeout(r, 5, 'waits'))])) === 'waits'

  beforeEach(() => {
    ;[isFresh, isKeyringSafe, loading] = [true, false, Promise.withResolvers<Dispatch>()]
    messenger.mockReset().mockResolvedValue({ ok: true, value: 'of the messenger' })
    ask = answerFirst({ dispatch: loading.promise, isFresh: () => isFresh, isKeyringSafe: async () => isKeyringSafe })
  })

  it.each([true, false])('a folder without a profile says so, and whether a passphrase is needed (a safe keyring: %s)', async (safe) => {
    isKeyringSafe = safe
    expect(await ask('profile.status', {})).toEqual({ ok: true, value: { kind: 'none', passphraseRequired: !safe } })
  })

  it('everything else waits for the messenger, and so does what is asked of a folder with anything in it', async () => {
    const list = ask('spaces.list', {})
    isFresh = false
    const status = ask('profile.status', {})
    expect([await isWaiting(list), await isWaiting(status)]).toEqual([true, true])
    loading.resolve(messenger)
    expect(await Promise.all([list, status])).toEqual(Array(2).fill({ ok: true, value: 'of the messenger' }))
    expect(messenger.mock.calls).toEqual([
      ['spaces.list', {}],
      ['profile.status', {}],
    ])
  })

  it('no longer once it is', async () => {
    loading.resolve(messenger)
    await loading.promise
    expect(await ask('profile.status', {})).toEqual({ ok: true, value: 'of the messenger' })
  })

  it('a messenger that cannot be loaded is no secret, but to whoever has no profile for it', async () => {
    const list = ask('spaces.list', {})
    loading.reject(new Error('damaged'))
    await expect(list).rejects.toThrow('damaged')
    await expect(ask('profile.status', {})).rejects.toThrow('damaged')
  })
})
