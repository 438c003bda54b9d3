import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'

/** One build, in the forms that can be installed here. */
interface Packages {
  deb: string
  /** null where nothing makes and installs an rpm. */
  rpm: string | null
  version: string
}

/** What build/install/environment.mjs prepared. */
interface Facts extends Packages {
  electron: string
  user: { name: string; uid: number; gid: number }
  folder: string
  /** The version after it, by the same makers. */
  next: Packages
  /** Where the keys of the makers are: `Ada.key`, `Bo.key`, `Cy.key`; and Mallory’s. */
  makers: { folder: string; passphrase: string }
  /** What rpm knows as installed, in a place of its own: everything else on this system is another packager's. */
  rpmDatabase: string
  /** Whether there is a pkexec to be asked. */
  polkit: boolean
  /** What this machine needs Chromium to be told. */
  switches: string[]
}

const prepared = process.env['SPACEPANDA_INSTALL']
if (prepared === undefined) throw new Error('These suites are run by npm run test:install, which makes the package first.')
export const facts = JSON.parse(prepared) as Facts

export const program = '/opt/SpacePanda/spacepanda'
export const command = '/usr/bin/spacepanda'

/** How long a window may take to be there on a busy machine. */
const WINDOW_MS = 60_000

export const dpkg = (...args: string[]): string => execFileSync('dpkg', args, { encoding: 'utf8' })

/** A home folder of the ordinary user, with nothing in it. */
export function newHome(name: string): string {
  const home = mkdtempSync(join(facts.folder, `${name}-`))
  for (const place of [home, join(home, 'run')]) {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    chownSync(place, facts.user.uid, facts.user.gid)
  }
  return home
}

/** An environment with nothing of root's in it. */
function environment(home: string, more: Readonly<Record<string, string>>): Record<string, string> {
  const { name } = facts.user
  return { PATH: '/usr/bin:/bin', HOME: home, USER: name, LOGNAME: name, XDG_RUNTIME_DIR: join(home, 'run'), LANG: 'C.UTF-8', ...more }
}

interface Finished {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs the installed command line as the ordinary user, who has no display. */
export function runCommand(home: string, args: readonly string[], more: Readonly<Record<string, string>> = {}, input = ''): Finished {
  const { uid, gid } = facts.user
  const env = environment(home, { SPACEPANDA_NETWORK: 'loopback', ...more })
  return spawnSync(command, args, { uid, gid, env, input, encoding: 'utf8', cwd: '/', timeout: 60_000 })
}

/** Starts the installed command line as the ordinary user; it goes on until it is ended. Waits for its first line. */
export async function startCommand(
  home: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const { uid, gid } = facts.user
  const child = spawn(command, args, {
    uid,
    gid,
    env: environment(home, { SPACEPANDA_NETWORK: 'loopback', ...more }),
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (status) => reject(new Error(`It ended with ${status ?? 'a signal'}.`)))
  })
  return child
}

/** Whether Chromium shows the window's page to a debugger: true, or nothing yet. */
async function hasPage(port: string): Promise<true | undefined> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { type: string; url: string }[]
  return targets.some(({ type, url }) => type === 'page' && url.startsWith('app:')) ? true : undefined
}

async function waitFor<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WINDOW_MS; ;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error('It did not come up again.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The program with a window, as the ordinary user. */
export class InstalledWindow {
  readonly home: string
  readonly #child: ChildProcess
  #said = ''
  #browser: Browser | null = null

  constructor(
    home: string,
    args: readonly string[] = ['--remote-debugging-port=0'],
    via = program,
    more: Readonly<Record<string, string>> = {},
    /** The process whose view of the file systems it has; null for this one's. */
    viewOf: number | null = null,
  ) {
    this.home = home
    const { uid, gid } = facts.user
    const env = environment(home, { DISPLAY: process.env['DISPLAY'] ?? '', SPACEPANDA_NETWORK: 'loopback', ...more })
    const words = [via, ...args, ...facts.switches]
    const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
    const [file = '', ...rest] = viewOf === null ? words : ['nsenter', `--mount=/proc/${viewOf}/ns/mnt`, ...become, ...words]
    this.#child = spawn(file, rest, { ...(viewOf === null ? { uid, gid } : {}), env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it printed so far. */
  get said(): string {
    return this.#said
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The page in its window. */
  async page(): Promise<Page> {
    const port = await this.#until(() => /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(this.#said)?.[1])
    // Playwright waits for ever for a page that comes up while it connects.
    await this.#until(() => hasPage(port))
    this.#browser ??= await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const browser = this.#browser
    return this.#until(() => browser.contexts().flatMap((context) => context.pages())[0])
  }

  /** The page in the window of the program that it started in its own place; what that prints, Electron throws away. */
  async pageAfterRestart(port: number): Promise<Page> {
    await waitFor(() => (this.running ? undefined : true))
    await waitFor(() => hasPage(String(port)).catch(() => undefined))
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const browser = this.#browser
    return waitFor(() => browser.contexts().flatMap((context) => context.pages())[0])
  }

  /** Waits for something of it to be there. */
  async #until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (const end = Date.now() + WINDOW_MS; ;) {
      const found = await look()
      if (found !== undefined) return found
      if (!this.running || Date.now() > end) throw new Error(`The window did not come up. It said:\n${this.#said}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    if (!this.running) return
    this.#child.kill('SIGTERM')
    await ended
  }
}
