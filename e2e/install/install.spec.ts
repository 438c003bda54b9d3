import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderDigest } from '../fixtures/folder-digest.ts'
import { FirstRun, PASSPHRASE } from '../pages/first-run.ts'
import { Settings } from '../pages/settings.ts'
import { InstalledWindow, command, dpkg, facts, newHome, program, runCommand } from './installed.ts'
import { expectSandbox, familyOf, statusOf } from './processes.ts'

const secret = { SPACEPANDA_PASSPHRASE: PASSPHRASE }
const archive = '/opt/SpacePanda/resources/app.asar'
let files: string[] = []

beforeAll(() => {
  dpkg('--install', facts.deb)
  files = dpkg('--listfiles', 'spacepanda').trim().split('\n')
})

afterAll(() => {
  // The last test does it; this is for one that failed before.
  if (existsSync(program)) dpkg('--purge', 'spacepanda')
})

const jsonOf = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>

describe('an installed package', () => {
  it('has the sandbox helper of Chromium as root’s and setuid', () => {
    const helper = statSync('/opt/SpacePanda/chrome-sandbox')
    expect([helper.uid, helper.mode & 0o7777]).toEqual([0, 0o4755])
  })

  it('belongs to root and can be changed by nobody else', () => {
    for (const file of files) {
      const { uid, mode } = statSync(file)
      expect({ file, uid, writable: mode & 0o022 & ~(mode & 0o1000 ? 0o022 : 0) }).toEqual({ file, uid: 0, writable: 0 })
    }
  })

  it('is in the menu, with icons, and opens invitation links', () => {
    const entry = readFileSync('/usr/share/applications/spacepanda.desktop', 'utf8')
    expect(entry).toMatch(/^Exec=\/opt\/SpacePanda\/spacepanda %U$/m)
    expect(entry).toMatch(/^MimeType=x-scheme-handler\/spacepanda;$/m)
    expect(entry).toMatch(/^Icon=spacepanda$/m)
    for (const size of [16, 32, 48, 128, 256, 512]) expect(files).toContain(`/usr/share/icons/hicolor/${size}x${size}/apps/spacepanda.png`)
  })

  it('carries the licences and the bill of materials', () => {
    expect(readFileSync('/opt/SpacePanda/resources/licences.txt', 'utf8')).toMatch(/^libp2p \d/m)
    expect(jsonOf(readFileSync('/opt/SpacePanda/resources/sbom.cdx.json', 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' })
    expect(existsSync('/opt/SpacePanda/LICENSES.chromium.html')).toBe(true)
  })
})

describe('the command line', () => {
  const home = newHome('terminal')

  it('says what it is, without a display, and that it is a test build', () => {
    const told = runCommand(home, ['--version'])
    expect(told).toMatchObject({ status: 0, stderr: '' })
    expect(told.stdout).toContain(`SpacePanda ${facts.version}`)
    expect(told.stdout).toContain(`Electron ${facts.electron}, TEST BUILD`)
    expect(jsonOf(runCommand(home, ['--json', '--version']).stdout)).toMatchObject({ version: facts.version, kind: 'test' })
  })

  it('makes a profile and a space, takes a message from standard input, and ends with the status of the contract', () => {
    expect(runCommand(home, ['--json', 'whoami']).status).toBe(3)
    expect(jsonOf(runCommand(home, ['--json', 'init', '--name', 'Ada'], secret).stdout)).toMatchObject({ name: 'Ada' })
    const space = jsonOf(runCommand(home, ['--json', 'space', 'create', 'Hikes'], secret).stdout)
    const [channel] = space['channels'] as { channelId: string }[]
    const sent = runCommand(home, ['--json', 'send', '--channel', channel?.channelId ?? ''], secret, 'from a pipe\n')
    expect(jsonOf(sent.stdout)).toMatchObject({ state: 'stored' })
    const history = runCommand(home, ['--json', 'history', '--channel', channel?.channelId ?? ''], secret)
    expect(jsonOf(history.stdout)['messages']).toMatchObject([{ text: 'from a pipe' }])
    expect(runCommand(home, ['--json', 'space', 'list'], { SPACEPANDA_PASSPHRASE: 'not this one at all' }).status).toBe(4)
    expect(runCommand(home, ['no-such-command']).status).toBe(2)
  })

  it('is not turned into Node by the environment', () => {
    const told = runCommand(home, ['--version'], { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/nonexistent' })
    expect(told).toMatchObject({ status: 0 })
    expect(told.stdout).toContain('SpacePanda')
  })
})

describe('the window', () => {
  const home = newHome('desktop')
  let window: InstalledWindow

  beforeAll(() => {
    window = new InstalledWindow(home)
  })
  afterAll(() => window.close())

  it('greets an ordinary user with the first-run screen', async () => {
    const page = await window.page()
    const firstRun = new FirstRun(page)
    await firstRun.create.waitFor()
    expect(await firstRun.name.isVisible()).toBe(true)
    expect(await firstRun.passphrase.isVisible()).toBe(true)
    expect(statusOf(window.pid, 'Uid')).toBe(String(facts.user.uid))
  })

  it('keeps its pages in the sandbox', async () => {
    await window.page()
    expectSandbox(window.pid)
  })

  it('makes a profile, and answers the command line meanwhile', async () => {
    const page = await window.page()
    await new FirstRun(page).createProfile('Bo')
    expect(jsonOf(runCommand(home, ['--json', 'whoami']).stdout)).toMatchObject({ name: 'Bo' })
  })

  it('says in its settings what it is, and that it is a test build', async () => {
    const page = await window.page()
    const settings = new Settings(page)
    await settings.open('About')
    await settings.dialog.getByText(`Version ${facts.version}`).waitFor()
    expect(await settings.dialog.getByRole('note').textContent()).toContain('test build')
    expect(await settings.section('Licences').first().textContent()).toContain('libp2p')
    const pictures = fileURLToPath(new URL('../../test-results/install', import.meta.url))
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, 'about.png') })
    await settings.close()
  })

  it('starts at login where its person wants that, by a file of the system’s own list', async () => {
    const page = await window.page()
    const settings = new Settings(page)
    await settings.open('Notifications')
    const box = settings.section('When you log in').getByRole('checkbox', { name: 'Start when I log in' })
    const entry = join(home, '.config', 'autostart', 'spacepanda.desktop')
    await box.click()
    await expect.poll(() => existsSync(entry)).toBe(true)
    const started = /^Exec="(.+)"$/m.exec(readFileSync(entry, 'utf8'))?.[1]
    expect(started).toBe(program)
    await box.click()
    await expect.poll(() => existsSync(entry)).toBe(false)
    await settings.close()
  })

  it('takes a link from a second start, which ends by itself', async () => {
    const page = await window.page()
    const second = new InstalledWindow(home, ['spacepanda:join/AAAA'], command)
    await page.getByRole('dialog', { name: 'Join a space' }).waitFor()
    await expect.poll(() => second.running, { timeout: 20_000 }).toBe(false)
  })
})

it('a package that tests may not steer opens no door for a debugger', async () => {
  const packed = readFileSync(archive)
  const sealed = Buffer.from(packed.toString('latin1').replace(/(debuggable\\?":)true/g, '$1null'), 'latin1')
  expect(sealed.equals(packed)).toBe(false)
  writeFileSync(archive, sealed)
  const home = newHome('sealed')
  const window = new InstalledWindow(home, ['--remote-debugging-port=0', '--inspect=0'])
  try {
    // Pages come after Chromium would have opened its port, and said so.
    await expect.poll(() => familyOf(window.pid).some(({ line }) => line.includes('--type=renderer')), { timeout: 30_000 }).toBe(true)
    expect(window.said).not.toMatch(/listening/i)
  } finally {
    await window.close()
    writeFileSync(archive, packed)
  }
})

it('removing the package leaves nothing of it behind, and every profile as it was', async () => {
  const home = newHome('kept')
  expect(runCommand(home, ['--json', 'init', '--name', 'Cy'], secret).status).toBe(0)
  const profile = join(home, '.config', 'SpacePanda')
  const before = await folderDigest(profile)
  dpkg('--purge', 'spacepanda')
  expect([program, command, '/opt/SpacePanda', ...files.filter((file) => file.includes('spacepanda'))].filter(existsSync)).toEqual([])
  expect(await folderDigest(profile)).toEqual(before)
})
