import { describe, expect, it, vi } from 'vitest'
import { ipcChannels } from '../../shared/ipc/bridge.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { UpdateView } from '../../shared/ipc/updates.ts'
import { createBridge } from './bridge.ts'
import type { PreloadIpc } from './bridge.ts'

const link = (text: string): NodeEvent => ({ event: 'link.opened', data: { link: text } })

const setUp = () => {
  let push: (event: unknown, ...args: unknown[]) => void = () => undefined
  const invoke = vi.fn<PreloadIpc['invoke']>()
  let update: typeof push = () => undefined
  const on = vi.fn<PreloadIpc['on']>((channel, listener) => {
    if (channel === ipcChannels.events) push = listener
    else update = listener
  })
  const bridge = createBridge({ invoke, on }, 'linux')
  return {
    bridge,
    invoke,
    on,
    push: (...events: NodeEvent[]) => push({ sender: 'ipcRenderer' }, events),
    update: (view: UpdateView) => update({ sender: 'ipcRenderer' }, view),
  }
}

describe('createBridge', () => {
  it('exposes exactly this', () => {
    const { bridge } = setUp()
    const shape = Object.fromEntries(
      Object.entries(bridge).map(([name, value]) => [name, typeof value === 'function' ? 'function' : value]),
    )
    expect(shape).toMatchInlineSnapshot(`
      {
        "about": "function",
        "call": "function",
        "chooseFile": "function",
        "copyText": "function",
        "loginItem": "function",
        "looksAt": "function",
        "onEvent": "function",
        "onUpdates": "function",
        "platform": "linux",
        "updates": "function",
      }
    `)
  })

  it('calls over the one channel and gives the answer back', async () => {
    const { bridge, invoke } = setUp()
    invoke.mockResolvedValue({ ok: true, value: [] })
    expect(await bridge.call('spaces.list', {})).toEqual({ ok: true, value: [] })
    expect(invoke).toHaveBeenCalledExactlyOnceWith(ipcChannels.call, 'spaces.list', {})
  })

  it('turns silence of the other side into a coded error', async () => {
    const { bridge, invoke } = setUp()
    invoke.mockRejectedValue(new Error('reply was never sent'))
    expect(await bridge.call('spaces.list', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
  })

  it('gives listeners the event and nothing of Electron, until they are undone', () => {
    const { bridge, push, on } = setUp()
    const listener = vi.fn<(event: NodeEvent) => void>()
    const undo = bridge.onEvent(listener)
    push(link('a'))
    expect(listener).toHaveBeenCalledExactlyOnceWith(link('a'))
    undo()
    bridge.onEvent(() => undefined)
    push(link('b'))
    expect(listener).toHaveBeenCalledOnce()
    expect(on.mock.calls.map(([channel]) => channel)).toEqual([ipcChannels.events, ipcChannels.updated])
  })

  it('keeps early events for the first listener, once', () => {
    const { bridge, push } = setUp()
    push(link('a'))
    push(link('b'))
    const first = vi.fn<(event: NodeEvent) => void>()
    const second = vi.fn<(event: NodeEvent) => void>()
    bridge.onEvent(first)
    bridge.onEvent(second)
    expect(first.mock.calls).toEqual([[link('a')], [link('b')]])
    expect(second).not.toHaveBeenCalled()
  })

  it('keeps the last of so many early ones, however they come', () => {
    const { bridge, push } = setUp()
    push(link('first'))
    push(...Array.from({ length: 2_000 }, (_, index) => link(String(index))))
    const listener = vi.fn<(event: NodeEvent) => void>()
    bridge.onEvent(listener)
    expect([listener.mock.calls.length, listener.mock.calls[0], listener.mock.lastCall]).toEqual([2_000, [link('0')], [link('1999')]])
  })

  it('hands on those of one message in order before anything else runs, though a listener fails', async () => {
    const { bridge, push } = setUp()
    const heard: string[] = []
    bridge.onEvent(({ event }) => {
      throw new Error(event)
    })
    bridge.onEvent((event) => {
      if (event.event === 'link.opened') heard.push(event.data.link)
      void Promise.resolve().then(() => heard.push('later'))
    })
    expect(() => push(link('a'), link('b'))).toThrow('a listener failed')
    await Promise.resolve()
    expect(heard).toEqual(['a', 'b', 'later', 'later'])
  })

  it('asks the updater, and tells of changes until it is undone', async () => {
    const { bridge, invoke, update } = setUp()
    const view: UpdateView = { obstacle: null, automatic: true, checkedAt: null, step: { kind: 'quiet' } }
    invoke.mockResolvedValueOnce({ ok: true, value: view }).mockResolvedValueOnce({ ok: false, error: { code: 'usage', message: 'no' } })
    expect(await bridge.updates('check')).toEqual(view)
    expect(invoke).toHaveBeenCalledExactlyOnceWith(ipcChannels.updates, 'check')
    await expect(bridge.updates('look')).rejects.toThrow('no')
    const listener = vi.fn<(view: UpdateView) => void>()
    const undo = bridge.onUpdates(listener)
    update(view)
    expect(listener).toHaveBeenCalledExactlyOnceWith(view)
    undo()
    update(view)
    expect(listener).toHaveBeenCalledOnce()
  })

  it('says when copying was refused', async () => {
    const { bridge, invoke } = setUp()
    invoke.mockResolvedValueOnce({ ok: true, value: null })
    await bridge.copyText('text')
    expect(invoke).toHaveBeenCalledExactlyOnceWith(ipcChannels.copyText, 'text')
    invoke.mockResolvedValueOnce({ ok: false, error: { code: 'too-large', message: 'Too long.' } })
    await expect(bridge.copyText('text')).rejects.toThrow('Too long.')
  })

  it('asks for a file, and says when that was refused', async () => {
    const { bridge, invoke } = setUp()
    const wish = { purpose: 'save-json', name: 'a' } as const
    invoke.mockResolvedValueOnce({ ok: true, value: '/a.json' }).mockResolvedValueOnce({ ok: true, value: null })
    expect(await bridge.chooseFile(wish)).toBe('/a.json')
    expect(invoke).toHaveBeenCalledExactlyOnceWith(ipcChannels.chooseFile, wish)
    expect(await bridge.chooseFile(wish)).toBeNull()
    invoke.mockResolvedValueOnce({ ok: false, error: { code: 'not-permitted', message: 'no' } })
    await expect(bridge.chooseFile(wish)).rejects.toThrow('no')
  })
})
