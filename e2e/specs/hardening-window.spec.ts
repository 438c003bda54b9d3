import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../fixtures/window-bridge.ts'
import type { Instance } from '../fixtures/instance.ts'
import { Instances } from '../fixtures/instances.ts'
import { processTree } from '../fixtures/processes.ts'
import { askMain } from '../fixtures/ask-main.ts'

async function expectLinuxSandbox(pid: number): Promise<void> {
  const tree = await processTree(pid)
  expect(tree.length).toBeGreaterThan(3)
  const weakened = tree
    .flatMap(({ argv }) => argv)
    .filter((arg) => /^--(no-sandbox|single-process|disable-(setuid|namespace|seccomp-filter|gpu)-sandbox)/.test(arg))
  expect(weakened).toEqual([])
  const renderers = tree.filter(({ argv }) => argv.includes('--type=renderer'))
  expect(renderers.length).toBeGreaterThan(0)
  for (const { status } of renderers) expect([status.get('Seccomp'), status.get('NoNewPrivs')]).toEqual(['2', '1'])
}

async function expectSandboxedTabs({ app }: Instance): Promise<void> {
  const metrics = await askMain(app, (electron) => electron.app.getAppMetrics())
  const tabs = metrics.filter(({ type }) => type === 'Tab')
  expect(tabs.length).toBeGreaterThan(0)
  for (const { sandboxed } of tabs) expect(sandboxed).toBe(true)
}

/** Items 1, 2, 8, 11 and 12 of the hardening checklist, by their numbers. */
describe('the window is sealed', { timeout: 60_000 }, () => {
  const instances = new Instances()
  let instance: Instance

  beforeAll(async () => {
    instance = await instances.fresh('sealed')
    await instance.page.waitForFunction(() => document.readyState === 'complete')
  }, 60_000)
  afterAll(() => instances.end())

  it('1: isolates the page and gives it no Node', async () => {
    const preferences = await askMain(instance.app, ({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) => (contents as unknown as { getLastWebPreferences(): unknown }).getLastWebPreferences()),
    )
    expect(preferences).toHaveLength(1)
    expect(preferences[0]).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
    })
    const globals = await instance.page.evaluate(() =>
      ['require', 'process', 'module', 'exports', 'global', 'Buffer', 'setImmediate', '__dirname', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
    )
    expect(globals).toEqual([])
  })

  it("2: runs in Chromium's sandbox, in every process", async () => {
    if (process.platform === 'linux') await expectLinuxSandbox(instance.pid)
    else await expectSandboxedTabs(instance)
  })

  it('8: embeds no webview', async () => {
    const before = await askMain(instance.app, ({ webContents }) => webContents.getAllWebContents().length)
    const kind = await instance.page.evaluate(() => {
      const view = document.createElement('webview')
      view.setAttribute('src', 'data:text/html,embedded')
      document.body.append(view)
      return { shadow: view.shadowRoot !== null, run: typeof (view as unknown as { executeJavaScript?: unknown }).executeJavaScript }
    })
    expect(kind).toEqual({ shadow: false, run: 'undefined' })
    expect(await askMain(instance.app, ({ webContents }) => webContents.getAllWebContents().length)).toBe(before)
    const denied = await askMain(instance.app, ({ webContents }) => {
      let prevented = false
      const [contents] = webContents.getAllWebContents()
      ;(contents as unknown as NodeJS.EventEmitter).emit('will-attach-webview', { preventDefault: () => (prevented = true) }, {}, {})
      return prevented
    })
    expect(denied).toBe(true)
  })

  it('12: shows the page named functions and nothing of Electron', async () => {
    const bridge = await instance.page.evaluate(() => {
      const shapeOf = (value: unknown): unknown => {
        if (typeof value === 'function') return `function of ${value.length}`
        return typeof value === 'object' && value !== null ? Object.keys(value).sort() : typeof value
      }
      return Object.fromEntries(Object.entries<unknown>({ ...window.spacepanda }).map(([name, value]) => [name, shapeOf(value)]))
    })
    expect(bridge).toMatchInlineSnapshot(`
      {
        "about": "function of 0",
        "call": "function of 0",
        "chooseFile": "function of 0",
        "copyText": "function of 0",
        "loginItem": "function of 0",
        "looksAt": "function of 0",
        "onEvent": "function of 0",
        "onUpdates": "function of 0",
        "platform": "string",
        "updates": "function of 0",
      }
    `)
    const changed = await instance.page.evaluate(() => {
      const { call } = window.spacepanda
      try {
        Object.assign(window.spacepanda, { call: () => 'mine' })
      } catch {
        return false
      }
      return window.spacepanda.call !== call
    })
    expect(changed).toBe(false)
  })

  it('is on the screen before the messenger is asked for', async () => {
    const status = await instance.page.evaluate(() => window.spacepanda.call('profile.status', {}))
    expect(status).toMatchObject({ ok: true })
    // Answered by the messenger, whatever that is.
    await instance.page.evaluate(() => window.spacepanda.call('spaces.list', {}))
    const at = await askMain(instance.app, () => {
      const mark = (name: string): number => performance.getEntriesByName(`spacepanda:${name}`)[0]?.startTime ?? NaN
      return { shown: mark('window-shown'), asked: mark('backend-asked-for'), ready: mark('backend-ready') }
    })
    expect(at.shown).toBeLessThan(at.asked)
    expect(at.asked).toBeLessThan(at.ready)
  })
})
