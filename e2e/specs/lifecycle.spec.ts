import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import '../fixtures/window-bridge.ts'
import { STEP_TIMEOUT_MS } from '../fixtures/instance.ts'
import type { Instance } from '../fixtures/instance.ts'
import { Instances } from '../fixtures/instances.ts'
import { startAgain } from '../fixtures/second-start.ts'
import { askMain } from '../fixtures/ask-main.ts'

const link = 'spacepanda:join/not-really-an-invitation'

/** Collects, in the page, the links that were opened from outside. */
const collectLinks = ({ page }: Instance): Promise<void> =>
  page.evaluate(() => {
    const links: string[] = []
    Object.assign(window, { openedLinks: links })
    window.spacepanda.onEvent((event) => {
      if (event.event === 'link.opened') links.push(event.data.link)
    })
  })
const collectedLinks = ({ page }: Instance): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { openedLinks: string[] }).openedLinks)
const windowCount = ({ app }: Instance): Promise<number> => askMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

describe('one instance for each folder', { timeout: 60_000 }, () => {
  const instances = new Instances()
  afterAll(() => instances.end())

  it('brings the first to the front, hands it the link, and ends', async () => {
    const first = await instances.fresh('first')
    await first.page.evaluate(() => window.spacepanda.call('profile.status', {}))
    await collectLinks(first)
    await askMain(first.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
    const said = 'SpacePanda is open already with this profile: its window comes to the front.\n'
    expect(await startAgain(first.dataDir)).toEqual({ status: 0, said })
    expect((await startAgain(first.dataDir, [link])).status).toBe(0)
    expect((await startAgain(first.dataDir, ['spacepanda:join/"quoted"', 'https://example.org/', '--spacepanda:join/x'])).status).toBe(0)
    await expect.poll(() => collectedLinks(first)).toEqual([link])
    expect(await windowCount(first)).toBe(1)
    expect(await askMain(first.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())).toBe(false)
  })

  it('lets another folder have another', async () => {
    const [one, other] = await Promise.all([instances.fresh('one'), instances.fresh('other')])
    expect(await Promise.all([windowCount(one), windowCount(other)])).toEqual([1, 1])
  })

  it('starts no join by itself', async () => {
    const started = await instances.fresh('linked', [link])
    const joins = await started.page.evaluate(() => window.spacepanda.call('joins.list', {}))
    expect(joins).toMatchObject({ ok: false, error: { code: 'no-profile' } })
    expect(started.page.url()).toBe('app://spacepanda/index.html')
  })
})

describe('the end', { timeout: 60_000 }, () => {
  const instances = new Instances()
  afterAll(() => instances.end())

  it.each(['SIGTERM', 'SIGINT'] as const)('comes on %s, orderly and soon', async (signal) => {
    const instance = await instances.fresh('signal')
    await instance.page.evaluate(() => window.spacepanda.call('profile.status', {}))
    const child = instance.app.process()
    const exit = once(child, 'exit')
    child.kill(signal)
    const soon = new Promise<string>((done) => setTimeout(() => done('still running'), 6_000))
    expect(await Promise.race([exit, soon])).toEqual([0, null])
  })

  it('comes too when the window is closed before the messenger is loaded', async () => {
    const instance = await instances.fresh('early')
    const exit = once(instance.app.process(), 'exit')
    // Whether it is told that this was done or is gone by then: its end is what counts.
    await Promise.allSettled([instance.app.evaluate(({ app }) => app.quit())])
    expect(await exit).toEqual([0, null])
  })

  it('is not the end for a page whose process dies', async () => {
    const instance = await instances.fresh('crash')
    await instance.page.evaluate(() => window.spacepanda.call('profile.status', {}))
    // The driver holds the new page back, so it is the new process that shows.
    const pageProcess = (): Promise<number> =>
      askMain(instance.app, ({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId() ?? 0)
    const before = await pageProcess()
    await Promise.allSettled([instance.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.forcefullyCrashRenderer())])
    await expect.poll(async () => [0, before].includes(await pageProcess()), { timeout: 10_000 }).toBe(false)
    expect(await windowCount(instance)).toBe(1)
  })

  it('leaves the window where it was for the next time', async () => {
    const bounds = { x: 120, y: 90, width: 1010, height: 650 }
    const before = await instances.fresh('place')
    await Promise.allSettled([
      askMain(before.app, ({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place), bounds),
    ])
    // The display moves a window and then makes it as large: what is noted a moment after the last of it is where it stays.
    const file = join(before.dataDir, 'window', 'place.json')
    const noted = (): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
    await expect.poll(noted, { timeout: STEP_TIMEOUT_MS }).toMatchObject({ bounds })
    const after = await instances.restart(before)
    expect(await askMain(after.app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(bounds)
  })
})
