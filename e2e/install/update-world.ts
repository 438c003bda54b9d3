import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { basename, dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { Settings } from '../pages/settings.ts'
import { facts, program } from './installed.ts'

const tool = join(import.meta.dirname, '..', '..', 'electron', 'updater', 'signing', 'main.ts')

/** What a maker runs by `npm run release:sign`. */
const sign = (...args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [tool, ...args], (error, _stdout, stderr) =>
      error === null ? resolve() : reject(new Error(stderr)),
    )
    child.stdin?.end(`${facts.makers.passphrase}\n`)
  })

/** The next version as these announce it, dated now. */
export async function announce(name: string, signers: readonly string[], version = facts.next.version): Promise<Buffer> {
  const file = join(facts.makers.folder, `${name}.json`)
  const packages = version === facts.next.version ? dirname(facts.next.deb) : namedOtherwise(name, version)
  const notes = join(facts.makers.folder, 'notes.txt')
  writeFileSync(notes, 'What changed: a number.\n')
  await sign('prepare', packages, '--version', version, '--notes', notes, '--out', file)
  for (const maker of signers) await sign('sign', file, '--key', join(facts.makers.folder, `${maker}.key`), '--packages', packages)
  return readFileSync(file)
}

/** The same package under the name of another version: the tool announces no other. */
function namedOtherwise(name: string, version: string): string {
  const folder = join(facts.makers.folder, name)
  mkdirSync(folder)
  copyFileSync(facts.next.deb, join(folder, basename(facts.next.deb).replace(facts.next.version, version)))
  return folder
}

/** An update server on this computer, which says what a test wants. */
export class UpdateHost {
  announcement: Buffer = Buffer.alloc(0)
  /** How often it was looked at. */
  asked = 0
  package: RequestListener = (_request, response) => response.writeHead(404).end()
  readonly #server: Server = createServer((request, response) => {
    if (request.url === '/spacepanda-release.json') {
      this.asked += 1
      response.end(this.announcement)
    } else this.package(request, response)
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/**
 * A pkexec in a folder of the user's that asks the test, which is root, and does as the test says: allow, or close the dialog.
 * Test machines have nobody who could type a password.
 */
export class StandInForPkexec {
  /** How it is answered; null closes the dialog. */
  allow: boolean | null = true
  asked = 0
  readonly folder: string
  readonly #requests: string
  readonly #timer: NodeJS.Timeout

  constructor(home: string) {
    this.folder = join(home, 'bin')
    this.#requests = join(home, 'requests')
    for (const folder of [this.folder, this.#requests]) {
      mkdirSync(folder, { mode: 0o700 })
      chownSync(folder, facts.user.uid, facts.user.gid)
    }
    const script = `#!/bin/sh
request=$(mktemp -d ${this.#requests}/XXXXXX)
printf '%s\\n' "$@" > "$request/draft"
mv "$request/draft" "$request/order"
while [ ! -e "$request/status" ]; do sleep 0.05; done
exit "$(cat "$request/status")"
`
    writeFileSync(join(this.folder, 'pkexec'), script, { mode: 0o755 })
    this.#timer = setInterval(() => this.#answer(), 50)
  }

  #answer(): void {
    for (const name of readdirSync(this.#requests)) {
      const [order, status] = ['order', 'status'].map((file) => join(this.#requests, name, file))
      if (order === undefined || status === undefined || !existsSync(order) || existsSync(status)) continue
      this.asked += 1
      const [command = '', ...args] = readFileSync(order, 'utf8').trimEnd().split('\n')
      const ended = this.allow === true ? (spawnSync(command, args, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } }).status ?? 1) : 126
      writeFileSync(`${status}.new`, String(ended))
      renameSync(`${status}.new`, status)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** A file system of 10 MB in the place of a folder, for the ordinary user, while something goes on. */
export async function onFullDisk(folder: string, go: () => Promise<void>): Promise<void> {
  const { uid, gid } = facts.user
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=10m,uid=${uid},gid=${gid},mode=700`, 'tmpfs', folder])
  try {
    await go()
  } finally {
    execFileSync('umount', [folder])
  }
}

/** Processes of the installed program, by what the kernel says they run. */
export const processesOfProgram = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/exe`).startsWith(program)
      } catch {
        return false // gone meanwhile
      }
    })
    .map(Number)

/** A version as dpkg writes it. */
export const versionLine = (version: string): RegExp => new RegExp(`^Version: ${version.replace('-', '~')}$`, 'm')

/** What the settings say of updates, in the window that is there when it is asked for. */
export const updatesOf = (page: () => Page) => {
  const updates = () => new Settings(page()).section('Updates')
  return {
    updates,
    press: (name: string | RegExp) => updates().getByRole('button', { name }).click(),
    says: (words: string | RegExp) => updates().getByRole('status').getByText(words).waitFor(),
  }
}

/** One that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
