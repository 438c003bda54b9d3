import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../fixtures/window-bridge.ts'
import { preloadFile } from '../fixtures/built-app.ts'
import type { Instance } from '../fixtures/instance.ts'
import { Instances } from '../fixtures/instances.ts'
import { askMain } from '../fixtures/ask-main.ts'

/** Calls that would be carried out, or at least be looked at, if the sender were trusted. */
const attempts: readonly (readonly unknown[])[] = [
  ['profile.status', {}],
  ['spaces.list', {}],
  ['settings.get', {}],
  ['profile.create', { name: 'Mallory', passphrase: 'long enough to pass' }],
  ['settings.set', { theme: 'dark' }],
  ['__proto__', {}],
  ['', null],
  [null, undefined],
  [{}, []],
  ['messages.send', { channelId: 'a'.repeat(32), text: 'x'.repeat(100_000) }],
]

const notPermitted = attempts.map(() => 'not-permitted')

/** Item 11 of the hardening checklist: only the top frame of our own window is listened to, and it only within the contract. */
describe('calls into the main process', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let instance: Instance

  beforeAll(async () => {
    instance = await instances.fresh('calls')
    await instance.page.waitForFunction(() => document.readyState === 'complete')
  }, 60_000)
  afterAll(() => instances.end())

  /** Opens another window with our preload script and gives the codes that its page, or a frame in it, gets as answers. */
  const answersToAnotherWindow = async (url: string, frame: 'top' | 'inner'): Promise<string[]> => {
    const preload = await preloadFile(instance)
    return askMain(
      instance.app,
      async ({ BrowserWindow }, { url: address, frame: which, calls, preload: script }) => {
        const window = new BrowserWindow({
          show: false,
          webPreferences: {
            preload: script,
            sandbox: true,
            nodeIntegrationInSubFrames: true,
            // Our own session loads nothing foreign, so a foreign page needs another.
            ...(address.startsWith('app:') ? {} : { partition: 'foreign' }),
          },
        })
        await window.loadURL(address)
        const { mainFrame } = window.webContents
        if (which === 'inner') {
          await mainFrame.executeJavaScript(
            "new Promise((done) => { const f = document.createElement('iframe'); f.onload = () => done(null); f.srcdoc = '<p>inner</p>'; document.body.append(f) })",
          )
        }
        const from = which === 'inner' ? mainFrame.frames[0] : mainFrame
        if (from === undefined) throw new Error('there is no inner frame')
        const codes = await Promise.all(
          calls.map((call) =>
            from.executeJavaScript(
              `spacepanda.call(...${JSON.stringify(call)}).then((answer) => answer.ok ? 'answered' : answer.error.code)`,
            ),
          ),
        )
        window.destroy()
        return codes as string[]
      },
      { url, frame, calls: attempts, preload },
    )
  }

  it('are refused to a page of another origin', async () => {
    expect(await answersToAnotherWindow('data:text/html,<body></body>', 'top')).toEqual(notPermitted)
  })

  it('are refused to our own page in a window that is not ours', async () => {
    expect(await answersToAnotherWindow('app://spacepanda/index.html', 'top')).toEqual(notPermitted)
  })

  it('are refused to a frame inside a page', async () => {
    expect(await answersToAnotherWindow('data:text/html,<body></body>', 'inner')).toEqual(notPermitted)
  })

  it('are not there at all for a frame inside our own page', async () => {
    const bridge = await instance.page.evaluate(async () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      await new Promise((done) => setTimeout(done, 100))
      const found = typeof (frame.contentWindow as (Window & typeof globalThis) | null)?.spacepanda
      frame.remove()
      return found
    })
    expect(bridge).toBe('undefined')
  })

  it('are refused outside the contract, with a code, and answered within it', async () => {
    const codes = await instance.page.evaluate(
      async (calls) => {
        const call = window.spacepanda.call as unknown as (...args: unknown[]) => Promise<{ ok: boolean; error?: { code: string } }>
        return Promise.all(calls.map(async (args) => (await call(...args)).error?.code ?? 'answered'))
      },
      attempts.filter(([method]) => !['profile.create', 'settings.set', 'spaces.list', 'settings.get'].includes(String(method))),
    )
    expect(codes).toEqual(['answered', 'usage', 'usage', 'usage', 'usage', 'too-large'])
  })

  it('carry plain data only', async () => {
    const codes = await instance.page.evaluate(async () => {
      const call = window.spacepanda.call as unknown as (...args: unknown[]) => Promise<{ ok: boolean; error?: { code: string } }>
      const circle: Record<string, unknown> = {}
      circle['self'] = circle
      const values = [circle, new Map(), new Uint8Array(4), { name: new Date() }]
      return Promise.all(values.map(async (value) => (await call('spaces.create', value)).error?.code ?? 'answered'))
    })
    expect(codes).not.toContain('answered')
  })

  it('leave the other channels of Electron deaf', async () => {
    const channels = await askMain(instance.app, ({ ipcMain }) => ipcMain.eventNames().map(String))
    // Electron listens for this one itself.
    expect(channels.filter((name) => name !== 'error')).toEqual([])
  })

  it('copy text to the clipboard for our page', async () => {
    await instance.page.evaluate(() => window.spacepanda.copyText('spacepanda:join/copied'))
    expect(await askMain(instance.app, ({ clipboard }) => clipboard.readText())).toBe('spacepanda:join/copied')
    const refused = await instance.page.evaluate(() =>
      window.spacepanda.copyText('x'.repeat(20_000)).then(
        () => 'copied',
        () => 'refused',
      ),
    )
    expect(refused).toBe('refused')
  })
})
