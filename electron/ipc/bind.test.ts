import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChannelId } from '../../shared/domain/ids.ts'
import { type About, ipcChannels } from '../../shared/ipc/bridge.ts'
import { limits } from '../../shared/ipc/limits.ts'
import { AppError } from '../kernel/errors.ts'
import { MAX_CALL_UNITS, bindIpc } from './bind.ts'
import type { Dispatch } from '../node/api/dispatch.ts'
import type { LoginItemState, LoginItemWish } from '../../shared/ipc/login-item.ts'
import type { UpdateView, UpdateWish } from '../../shared/ipc/updates.ts'
import type { FileDialogs } from './choose-file.ts'
import type { SenderEvent } from './sender.ts'

type Listener = (event: SenderEvent, ...args: unknown[]) => Promise<unknown>

const good: SenderEvent = { sender: { id: 1 }, senderFrame: { url: 'ours', parent: null } }
const bad: SenderEvent = { sender: { id: 2 }, senderFrame: null }

describe('bindIpc', () => {
  const channels = new Map<string, Listener>()
  const dispatch = vi.fn<Dispatch>()
  const writeClipboard = vi.fn<(text: string) => Promise<void>>()
  const askForFile = vi.fn<FileDialogs>()
  const about = vi.fn<() => Promise<About>>()
  const updates = vi.fn<(wish: UpdateWish) => Promise<UpdateView>>()
  const loginItem = vi.fn<(wish: LoginItemWish) => Promise<LoginItemState>>()
  const looksAt = vi.fn<(channelId: ChannelId | null) => void>()
  const onListening = vi.fn<() => void>()
  let unbind = (): void => undefined

  const ask = async (channel: string, event: SenderEvent, ...args: unknown[]): Promise<unknown> => channels.get(channel)?.(event, ...args)

  beforeEach(() => {
    vi.resetAllMocks()
    channels.clear()
    dispatch.mockResolvedValue({ ok: true, value: 'done' })
    unbind = bindIpc(
      { handle: (channel, listener) => void channels.set(channel, listener), removeHandler: (channel) => void channels.delete(channel) },
      { isTrusted: (event) => event === good, dispatch, writeClipboard, askForFile, about, updates, looksAt, loginItem, onListening },
    )
  })

  it('listens on its seven channels and on no other, until it is undone', () => {
    const { call, copyText, chooseFile, about: asked, updates: wished, looksAt: looked, loginItem: listed } = ipcChannels
    expect([...channels.keys()].sort()).toEqual([call, copyText, chooseFile, asked, wished, looked, listed].sort())
    unbind()
    expect(channels.size).toBe(0)
  })

  it('carries a call out, and knows that the page listens', async () => {
    expect(await ask(ipcChannels.call, good, 'spaces.list', {})).toEqual({ ok: true, value: 'done' })
    expect(dispatch).toHaveBeenCalledExactlyOnceWith('spaces.list', {})
    expect(onListening).toHaveBeenCalledOnce()
  })

  it('answers with a code when the node could not be loaded', async () => {
    dispatch.mockRejectedValue(new Error('secret detail'))
    const answer = await ask(ipcChannels.call, good, 'spaces.list', {})
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(JSON.stringify(answer)).not.toContain('secret detail')
  })

  it.each([
    [ipcChannels.call, ['spaces.list', {}]],
    [ipcChannels.copyText, ['text']],
    [ipcChannels.chooseFile, [{ purpose: 'save-json', name: 'a' }]],
    [ipcChannels.about, []],
    [ipcChannels.updates, ['check']],
    [ipcChannels.looksAt, [null]],
    [ipcChannels.loginItem, ['on']],
  ])('does nothing on %s for a sender it does not trust', async (channel, args) => {
    expect(await ask(channel, bad, ...args)).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
    expect(dispatch).not.toHaveBeenCalled()
    expect(writeClipboard).not.toHaveBeenCalled()
    expect(askForFile).not.toHaveBeenCalled()
    expect(about).not.toHaveBeenCalled()
    expect(updates).not.toHaveBeenCalled()
    expect(looksAt).not.toHaveBeenCalled()
    expect(loginItem).not.toHaveBeenCalled()
    expect(onListening).not.toHaveBeenCalled()
  })

  it.each([[[]], [['spaces.list']], [['spaces.list', {}, {}]]])('refuses the wrong number of arguments %j', async (args) => {
    expect(await ask(ipcChannels.call, good, ...args)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(dispatch).not.toHaveBeenCalled()
  })

  it.each([
    ['a long text', { text: 'x'.repeat(MAX_CALL_UNITS) }],
    ['bytes', { text: new Uint8Array(4) }],
  ])('refuses %s before anyone looks into it', async (_what, args) => {
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

  it('passes wishes to the updater, and nothing that is none', async () => {
    const view: UpdateView = { obstacle: null, automatic: true, checkedAt: null, step: { kind: 'quiet' } }
    updates.mockResolvedValue(view)
    expect(await ask(ipcChannels.updates, good, 'check')).toEqual({ ok: true, value: view })
    expect(updates).toHaveBeenCalledExactlyOnceWith('check')
    for (const wish of ['everything', 7, null, ['check'], { kind: 'check' }])
      expect(await ask(ipcChannels.updates, good, wish)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(updates).toHaveBeenCalledOnce()
  })

  it('learns which channel is open, and nothing that is none', async () => {
    const channelId = 'ab'.repeat(16) as ChannelId
    for (const open of [channelId, null]) expect(await ask(ipcChannels.looksAt, good, open)).toEqual({ ok: true, value: null })
    for (const open of ['general', '', 7, undefined, ['ab'.repeat(16)], { channelId }])
      expect(await ask(ipcChannels.looksAt, good, open)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(looksAt.mock.calls).toEqual([[channelId], [null]])
  })

  it('asks the system about starting at login, and nothing that is no such wish', async () => {
    loginItem.mockResolvedValue('on')
    expect(await ask(ipcChannels.loginItem, good, 'on')).toEqual({ ok: true, value: 'on' })
    for (const wish of ['remove', 7, null, ['on'], { wish: 'on' }])
      expect(await ask(ipcChannels.loginItem, good, wish)).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(loginItem).toHaveBeenCalledExactlyOnceWith('on')
    loginItem.mockRejectedValue(new AppError('disk', 'It could not be written.'))
    expect(await ask(ipcChannels.loginItem, good, 'off')).toMatchObject({ ok: false, error: { code: 'disk' } })
  })

  describe('files', () => {
    const call = (method: string, args: unknown): Promise<unknown> => ask(ipcChannels.call, good, method, args)
    const choose = (purpose: string, name = 'a'): Promise<unknown> => ask(ipcChannels.chooseFile, good, { purpose, name })

    it('are chosen by the person, and only what was chosen reaches the node, each for its purpose', async () => {
      askForFile.mockResolvedValue('/home/ann/b')
      expect(await call('backup.restore', { file: '/home/ann/b' })).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
      expect(dispatch).not.toHaveBeenCalled()
      expect(await choose('open-backup')).toEqual({ ok: true, value: '/home/ann/b' })
      expect(await call('backup.restore', { file: '/home/ann/b' })).toEqual({ ok: true, value: 'done' })
      expect(await call('backup.create', { file: '/home/ann/b' })).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
      expect(dispatch).toHaveBeenCalledExactlyOnceWith('backup.restore', { file: '/home/ann/b' })
    })

    it('may not be chosen: then nothing is allowed that was not before', async () => {
      askForFile.mockResolvedValue(null)
      expect(await choose('save-json')).toEqual({ ok: true, value: null })
      expect(await call('export.channel', { file: 'null', format: 'json' })).toMatchObject({ error: { code: 'not-permitted' } })
    })

    it('of a schedule stay as they are without being chosen again', async () => {
      dispatch.mockResolvedValue({ ok: true, value: { schedule: { folder: '/backups', everyDays: 7, keep: 4 } } })
      expect(await call('backup.setSchedule', { schedule: { folder: '/backups', everyDays: 1, keep: 4 } })).toMatchObject({ ok: true })
      expect(await call('backup.setSchedule', { schedule: { folder: '/etc', everyDays: 1, keep: 4 } })).toMatchObject({
        error: { code: 'not-permitted' },
      })
      dispatch.mockResolvedValue({ ok: false, error: { code: 'locked', message: '' } })
      expect(await call('backup.setSchedule', { schedule: { folder: '/backups', everyDays: 1, keep: 4 } })).toMatchObject({
        error: { code: 'not-permitted' },
      })
    })

    it.each([
      [undefined],
      [{}],
      [{ purpose: 'save-anything', name: 'a' }],
      [{ purpose: 'save-json', name: 'x'.repeat(300) }],
      ['save-json'],
      [null],
    ])('are not asked for by %j', async (wish) => {
      expect(await ask(ipcChannels.chooseFile, good, wish)).toMatchObject({ ok: false, error: { code: 'usage' } })
      expect(askForFile).not.toHaveBeenCalled()
    })

    it('are asked for one at a time', async () => {
      const answer = Promise.withResolvers<string | null>()
      askForFile.mockReturnValueOnce(answer.promise).mockRejectedValueOnce(new Error('no dialog'))
      const first = choose('save-json')
      expect(await choose('save-html')).toMatchObject({ error: { code: 'conflict' } })
      answer.resolve('/a.json')
      expect(await first).toEqual({ ok: true, value: '/a.json' })
      expect(await choose('save-html')).toMatchObject({ error: { code: 'internal' } })
      askForFile.mockResolvedValueOnce('/b.html')
      expect(await choose('save-html')).toEqual({ ok: true, value: '/b.html' })
    })
  })
})
