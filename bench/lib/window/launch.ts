import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from './inspector.ts'
import type { Inspector } from './inspector.ts'
import { pssOf } from './memory.ts'

/** What `npm run -s electron-path` prints: the last argument is the application's folder. */
export interface LaunchCommand {
  executablePath: string
  args: string[]
}

/** One start, in milliseconds since the process was asked for. */
export interface Start {
  shown: number
  /** When the page had painted what was waited for. */
  usable: number
  /** When the messenger was loaded and answered; null where there is none. */
  backend: number | null
  /** Megabytes of the whole process tree when it had come to rest; null where the system does not say. */
  pss: number | null
}

const IDLE_MS = 2_000
const QUIT_MS = 5_000
/** After a process has ended: what is left of those that it started would run in the time of the next one. */
const REST_MS = 500
const START_MS = 30_000

const ELECTRON = "process.getBuiltinModule('node:module').createRequire('/')('electron')"

/** Answers whether the main process has begun to run its application. */
const IS_THERE = `(() => { try { return ${ELECTRON}.app.isReady() } catch { return false } })()`
/** Looked at only after this, and then rarely: what is asked earlier gets between the parts of the start. */
const FIRST_LOOK_MS = 250
const NEXT_LOOK_MS = 20

/** When the main process came to that mark, or null. */
const timeOf = (mark: string): string =>
  `performance.getEntriesByName('${mark}').map(({ startTime }) => performance.timeOrigin + startTime).at(0) ?? null`

/** In the main process: waits for the window and for its page to have painted `selector`, then notes what the marks say. */
const watch = (selector: string): string => `void (async () => {
  const { app, BrowserWindow } = ${ELECTRON}
  const window = BrowserWindow.getAllWindows()[0] ?? (await new Promise((r) => app.once('browser-window-created', (_, w) => r(w))))
  if (!window.isVisible()) await new Promise((r) => window.once('show', r))
  const usable = await window.webContents.executeJavaScript(${JSON.stringify(painted(selector))})
  globalThis.spacepandaBench = { shown: ${timeOf('spacepanda:window-shown')}, usable }
})()`

/** Asked for again and again: the inspector loses a promise it is told to wait for when the garbage is collected. */
const NOTED = 'globalThis.spacepandaBench ?? null'

/** In the page: the frame after the one in which it is there has been painted. */
const painted = (selector: string): string => `new Promise((resolve) => {
  const frame = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())))
  const look = () => document.querySelector(${JSON.stringify(selector)}) !== null
  if (look()) return frame()
  const observer = new MutationObserver(() => {
    if (!look()) return
    observer.disconnect()
    frame()
  })
  observer.observe(document, { childList: true, subtree: true })
})`

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/**
 * Starts an application on a new profile folder below `folder`, measures, and ends it.
 * @param selector what the page has to show before it is of use
 * @param prepare puts into that folder what is to be there
 */
export async function measureStart(
  command: LaunchCommand,
  folder: string,
  selector: string,
  prepare: (dataDir: string) => Promise<void> = () => Promise.resolve(),
): Promise<Start> {
  const dataDir = await mkdtemp(join(folder, 'start-'))
  await prepare(dataDir)
  const inherited = Object.entries(process.env).filter(([name]) => !['NODE_OPTIONS', 'NODE_ENV', 'ELECTRON_RUN_AS_NODE'].includes(name))
  const env = { ...Object.fromEntries(inherited), SPACEPANDA_DATA_DIR: dataDir, SPACEPANDA_NETWORK: 'loopback' }
  // Of the wall clock, because that is what a process says its own times against.
  const asked = performance.timeOrigin + performance.now()
  const child = spawn(command.executablePath, ['--inspect=127.0.0.1:0', '--lang=en-US', ...command.args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    const inspector = await inspect(await inspectorUrl(child))
    await sleep(FIRST_LOOK_MS)
    const until = performance.now() + START_MS
    await poll(inspector, IS_THERE, until)
    await inspector.evaluate(watch(selector))
    const times = (await poll(inspector, NOTED, until)) as Record<'shown' | 'usable', unknown>
    if (!isTime(times.shown) || !isTime(times.usable)) throw new Error('the application did not say when its window was shown')
    await sleep(IDLE_MS)
    // Loaded after a form that needs it not.
    const backend = await inspector.evaluate(timeOf('spacepanda:backend-ready'))
    inspector.close()
    const pss = child.pid === undefined ? null : await pssOf(child.pid)
    return { shown: times.shown - asked, usable: times.usable - asked, backend: isTime(backend) ? backend - asked : null, pss }
  } finally {
    await quit(child)
    await sleep(REST_MS)
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Asks until the answer is something. */
async function poll(inspector: Inspector, expression: string, until: number): Promise<unknown> {
  for (;;) {
    const value = await inspector.evaluate(expression)
    if (value !== null && value !== false) return value
    if (performance.now() > until) throw new Error(`the application did not show what it should within ${START_MS / 1000} s`)
    await sleep(NEXT_LOOK_MS)
  }
}

/** The line in which Node says where its inspector listens. */
function inspectorUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stderr === null) return reject(new Error('no standard error'))
    const said: string[] = []
    const fail = (why: string): void => reject(new Error(`the application ${why}\n${said.slice(-5).join('\n')}`))
    const timer = setTimeout(() => fail('did not start'), START_MS)
    child.once('error', () => fail('could not be started'))
    child.once('exit', () => fail('ended at once'))
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      const url = /^Debugger listening on (ws:\S+)$/.exec(line)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
  })
}

async function quit(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_MS)
  await ended
  clearTimeout(timer)
}
