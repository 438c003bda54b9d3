import { spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversation } from '../pages/conversation.ts'
import { FirstRun, PASSPHRASE } from '../pages/first-run.ts'
import { Settings } from '../pages/settings.ts'
import { Spaces } from '../pages/spaces.ts'
import { Unlock } from '../pages/unlock.ts'
import { InstalledWindow, dpkg, facts, newHome, program, runCommand, startCommand } from './installed.ts'
import { StandInForPkexec, UpdateHost, announce, freePort, onFullDisk, processesOfProgram, updatesOf, versionLine } from './update-world.ts'

const secret = { SPACEPANDA_PASSPHRASE: PASSPHRASE }
const host = new UpdateHost()
const home = newHome('updates')
const peerHome = newHome('peer')
const pkexec = new StandInForPkexec(home)
const next = readFileSync(facts.next.deb)
const whole: RequestListener = (_request, response) => response.end(next)
/** Where packages lie until they are installed. */
const folder = join(home, '.config', 'SpacePanda', 'window', 'updates')
let window: InstalledWindow
let page: Page
let port = 0
let channel = ''
let peer: ChildProcess | null = null

/** What the installed command line answers. */
const told = (place: string, ...args: string[]): unknown => {
  const { status, stdout, stderr } = runCommand(place, ['--json', ...args], secret)
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
const { updates, press, says } = updatesOf(() => page)

beforeAll(async () => {
  dpkg('--install', facts.deb)
  const url = await host.start()
  port = await freePort()
  const env = { PATH: `${pkexec.folder}:/usr/bin:/bin`, SPACEPANDA_UPDATE_URL: url }
  window = new InstalledWindow(home, [`--remote-debugging-port=${port}`], program, env)
  page = await window.page()
  await new FirstRun(page).createProfile('Ada')
  const space = told(home, 'space', 'create', 'Choir') as { spaceId: string; channels: { channelId: string }[] }
  channel = space.channels[0]?.channelId ?? ''
  const { link } = told(home, 'invite', '--space', space.spaceId) as { link: string }
  told(peerHome, 'init', '--name', 'Bo')
  peer = await startCommand(peerHome, ['--json', 'serve'], secret)
  told(peerHome, 'join', link)
  await new Spaces(page).open('Choir')
  const composer = new Conversation(page).composer()
  await composer.fill('said before the update')
  await composer.press('Enter')
  await new Conversation(page).message('Ada', 'said before the update').waitFor()
  await new Settings(page).open('About')
})

afterAll(async () => {
  await window.close()
  peer?.kill('SIGTERM')
  for (const pid of processesOfProgram()) process.kill(pid, 'SIGKILL')
  pkexec.stop()
  host.stop()
  if (existsSync(program)) dpkg('--purge', 'spacepanda')
})

/** Looks, and is told these words; then the installed version is the old one, and works. */
const refuses = async (announcement: Buffer, words: RegExp) => {
  host.announcement = announcement
  const asked = host.asked
  await press('Check for updates')
  // What is said of the last one was taken away before anything was asked.
  await expect.poll(() => host.asked).toBe(asked + 1)
  await says(words)
  await oldVersionLives()
}
const oldVersionLives = async () => {
  await new Settings(page).dialog.getByText(`Version ${facts.version}`).waitFor()
  expect(window.running).toBe(true)
  expect(dpkg('--status', 'spacepanda')).toMatch(versionLine(facts.version))
}

describe('an installed program, offered what its makers did not sign', () => {
  it('refuses one signature of two', async () => {
    await refuses(await announce('one', ['Ada']), /not signed by two of the makers/)
  })

  it('refuses a wrong key', async () => {
    await refuses(await announce('stranger', ['Ada', 'Mallory']), /not signed by two of the makers/)
  })

  it('refuses an older version', async () => {
    await refuses(await announce('older', ['Ada', 'Bo'], '0.0.9'), /older than this one/)
  })

  it('refuses a byte changed in the announcement', async () => {
    const changed = Buffer.from(await announce('changed', ['Ada', 'Bo']))
    changed.write('9', changed.indexOf('What changed'))
    await refuses(changed, /not signed by two of the makers/)
  })

  it('refuses an announcement from before the newest one that it saw', async () => {
    const early = await announce('early', ['Bo', 'Cy'])
    host.announcement = await announce('late', ['Ada', 'Cy'])
    await press('Check for updates')
    await says(`Version ${facts.next.version} is there.`)
    // With an offer on the screen there is nothing to look for; a package that cannot be had takes it away.
    await press(/^Update now/)
    await says(/could not be reached/)
    await refuses(early, /older than one seen before/)
  })
})

describe('an installed program, handed another package than was signed', () => {
  it.each<[string, RequestListener, RegExp]>([
    [
      'a flipped byte',
      (_q, r) => r.end(Buffer.from(next).fill(next.readUInt8(9_999) ^ 1, 9_999, 10_000)),
      /not the one that the makers signed/,
    ],
    ['a truncated download', (_q, r) => r.end(next.subarray(0, 50_000_000)), /broke off/],
    ['a server that dies half-way', (_q, r) => void r.write(next.subarray(0, 50_000_000), () => r.destroy()), /broke off/],
  ])('refuses %s', async (_what, listener, words) => {
    host.announcement = await announce('good', ['Ada', 'Bo'])
    host.package = listener
    await press('Check for updates')
    await says(`Version ${facts.next.version} is there.`)
    await press(/^Update now/)
    await says(words)
    await oldVersionLives()
    expect(pkexec.asked).toBe(0)
  })
})

it('a full disk ends a download, and nothing else', async () => {
  host.package = whole
  await onFullDisk(folder, async () => {
    await press('Try again')
    await says(/disk did not take it/)
    expect(readdirSync(folder)).toEqual([])
  })
  await oldVersionLives()
})

it('installs nothing when the person closes the dialog, and offers it again', async () => {
  pkexec.allow = null
  await press('Try again')
  await says(/was not allowed/)
  await oldVersionLives()
})

it('only downloads it for whoever wants that', async () => {
  await press('Check for updates')
  await says(`Version ${facts.next.version} is there.`)
  expect(await updates().textContent()).toContain('Signed by Ada and Bo')
  const asked = pkexec.asked
  await press('Only download')
  await says(/downloaded and verified/)
  await updates().getByRole('button', { name: 'Restart to update' }).waitFor()
  expect(pkexec.asked).toBe(asked)
})

it('becomes the next version by one click, with everything that was said', async () => {
  // Nothing of it is here yet, as where it is offered for the first time.
  rmSync(folder, { recursive: true })
  await press('Restart to update')
  await says(/not the one that the makers signed/)
  await press('Check for updates')
  await says(`Version ${facts.next.version} is there.`)
  pkexec.allow = true
  await new Settings(page).close()
  const notice = page.getByRole('region', { name: 'New version' })
  await notice.getByRole('status').getByText(`SpacePanda ${facts.next.version} is there.`).waitFor()
  const clicked = performance.now()
  await notice.getByRole('button', { name: /^Update now/ }).click()
  page = await window.pageAfterRestart(port)
  await new Unlock(page).unlock()
  await new Spaces(page).open('Choir')
  await new Conversation(page).message('Ada', 'said before the update').waitFor()
  const seconds = (performance.now() - clicked) / 1_000
  process.stdout.write(`from click to the history in the new version: ${seconds.toFixed(1)} s\n`)
  await new Settings(page).open('About')
  await new Settings(page).dialog.getByText(`Version ${facts.next.version}`).waitFor()
  expect(dpkg('--status', 'spacepanda')).toMatch(versionLine(facts.next.version))
  await press('Check for updates')
  await says('This is the newest version.')
  await new Settings(page).close()
  const composer = new Conversation(page).composer()
  await composer.fill('said after it')
  await composer.press('Enter')
  await new Conversation(page).message('Ada', 'said after it').waitFor()
  // The peer was started before, and runs what was installed then.
  expect(peer?.exitCode).toBeNull()
  const heard = () => (told(peerHome, 'history', '--channel', channel) as { messages: { text: string }[] }).messages.map(({ text }) => text)
  await expect.poll(heard, { timeout: 60_000 }).toEqual(['said before the update', 'said after it'])
  told(peerHome, 'send', '--channel', channel, 'heard on the old version', '--wait', 'delivered')
  await new Conversation(page).message('Bo', 'heard on the old version').waitFor()
})

it('root’s script keeps the later version where it is handed an earlier one, as a window left open may do', () => {
  const sha512 = createHash('sha512').update(readFileSync(facts.deb)).digest('hex')
  const script = join(dirname(program), 'resources', 'install-update.sh')
  expect(spawnSync('/bin/sh', [script, facts.deb, sha512], { encoding: 'utf8' })).toMatchObject({ status: 0 })
  expect(dpkg('--status', 'spacepanda')).toMatch(versionLine(facts.next.version))
})
