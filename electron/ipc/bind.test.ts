import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ipcChannels } from '../../shared/ipc/bridge.ts'
import { limits } from '../../shared/ipc/limits.ts'
import { MAX_CALL_UNITS, bindIpc } from './bind.ts'
import type { Dispatch } from '../node/api/dispatch.ts'
import type { SenderEvent } from './sender.ts'

type Listener = (event: SenderEvent, ...args: unknown[]) => Promise<unknown>

const good: SenderEvent = { sender: { id: 1 }, senderFrame: { url: 'ours', parent: null } }
const bad: SenderEvent = { sender: { id: 2 }, senderFrame: null }

describe('bindIpc', () => {
  const channels = new Map<string, Listener>()
  const dispatch = vi.fn<Dispatch>()
  const writeClipboard = vi.fn<(text: string) => Promise<void>>()
  const onListening = vi.fn<() => void>()
  let loaded = Promise.withResolvers<Dispatch>()
  let unbind = (): void => undefined

  const ask = async (channel: string, event: SenderEvent, ...args: unknown[]): Promise<unknown> => channels.get(channel)?.(event, ...args)

  beforeEach(() => {
    vi.resetAllMocks()
    channels.clear()
    loaded = Promise.withResolvers<Dispatch>()
    dispatch.mockResolvedValue({ ok: true, value: 'done' })
    unbind = bindIpc(
      { handle: (channel, listener) => void channels.set(channel, listener), removeHandler: (channel) => void channels.delete(channel) },
      { isTrusted: (event) => event === good, dispatch: loaded.promise, writeClipboard, onListening },
    )
  })

  it('listens on its two channels and on no other, until it is undone', () => {
    expect([...channels.keys()].sort()).toEqual([ipcChannels.call, ipcChannels.copyText].sort())
    unbind()
    expect(channels.size).toBe(0)
  })

  it('carries a call out', async () => {
    loaded.resolve(dispatch)
    expect(await ask(ipcChannels.call, good, 'spaces.list', {})).toEqual({ ok: true, value: 'done' })
    expect(dispatch).toHaveBeenCalledExactlyOnceWith('spaces.list', {})
  })

  it('lets a call wait for the node, and knows that the page listens meanwhile', async () => {
    const answer = ask(ipcChannels.call, good, 'spaces.list', {})
    await Promise.resolve()
    expect(onListening).toHaveBeenCalledOnce()
    expect(dispatch).not.toHaveBeenCalled()
    loaded.resolve(dispatch)
    expect(await answer).toEqual({ ok: true, value: 'done' })
  })

  it('answers with a code when the node could not be loaded', async () => {
    loaded.reject(new Error('secret detail'))
    const answer = await ask(ipcChannels.call, good, 'spaces.list', {})
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('secret detail')
  })

  it.each([
    [ipcChannels.call, ['spaces.list', {}]],
    [ipcChannels.copyText, ['text']],
  ])('does nothing on %s for a sender it does not trust', async (channel, args) => {
    loaded.resolve(dispatch)
    expect(await ask(channel, bad, ...args)).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
    expect(dispatch).not.toHaveBeenCalled()
    expect(writeClipboard).not.toHaveBeenCalled()
    expect(onListening).not.toHaveBeenCalled()
  })

  it.each([[[]], [['spaces.list']], [['spaces.list', {}, {}]]])('refuses the wrong number of arguments %j', async (args) => {
    loaded.resolve(dispatch)
    expect(await ask(ipcChannels.call, good, ...args)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(dispatch).not.toHaveBeenCalled()
  })

  it.each([
    ['a long text', { text: 'x'.repeat(MAX_CALL_UNITS) }],
    ['bytes', { text: new Uint8Array(4) }],
  ])('refuses %s before anyone looks into it', async (_what, args) => {
    loaded.resolve(dispatch)
    expect(await ask(ipcChannels.call, good, 'messages.send', args)).toMatchObject({ ok: false, error: { code: 'too-large' } })
    expect(dispatch).not.toHaveBeenCalled()
  })

  it('copies text up to the length of a message', async () => {
    const longest = 'x'.repeat(limits.text)
    expect(await ask(ipcChannels.copyText, good, longest)).toEqual({ ok: true, value: null })
    expect(writeClipboard).toHaveBeenCalledExactlyOnceWith(longest)
    expect(await ask(ipcChannels.copyText, good, `${longest}x`)).toMatchObject({ ok: false, error: { code: 'too-large' } })
    expect(await ask(ipcChannels.copyText, good, 7)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(writeClipboard).toHaveBeenCalledOnce()
    writeClipboard.mockRejectedValueOnce(new Error('no clipboard'))
    expect(await ask(ipcChannels.copyText, good, 'text')).toMatchObject({ ok: false, error: { code: 'internal' } })
  })
})
