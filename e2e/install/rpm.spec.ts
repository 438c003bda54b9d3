import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderDigest } from '../fixtures/folder-digest.ts'
import { FirstRun, PASSPHRASE } from '../pages/first-run.ts'
import { Settings } from '../pages/settings.ts'
import { InstalledWindow, command, dpkg, facts, newHome, program, runCommand } from './installed.ts'
import { expectSandbox, statusOf } from './processes.ts'

const [first, next] = [facts.rpm ?? '', facts.next.rpm ?? '']
const secret = { SPACEPANDA_PASSPHRASE: PASSPHRASE }
const script = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'build', 'package', 'linux', name), 'utf8').trim()

const rpm = (...args: string[]): string =>
  execFileSync('rpm', ['--dbpath', facts.rpmDatabase, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
/** Debian lets rpm change nothing unless it is told to. What the package requires is there by Debian's names. */
const change = (how: '--install' | '--upgrade' | '--erase', what: string): string => rpm(how, '--nodeps', '--force-debian', what)
const lines = (text: string): string[] => text.trim().split('\n')

/** What is installed is the package to the last mode and byte, and says this version. */
const expectInstalled = (version: string): void => {
  expect(lines(rpm('-q', '--queryformat', '%{VERSION}\n', 'spacepanda'))).toEqual([version.replace('-', '~')])
  expect(rpm('--verify', '--nodeps', 'spacepanda')).toBe('')
  const helper = statSync('/opt/SpacePanda/chrome-sandbox')
  expect([helper.uid, helper.mode & 0o7777]).toEqual([0, 0o4755])
  const told = runCommand(newHome('rpm-terminal'), ['--version'])
  expect(told).toMatchObject({ status: 0, stderr: '' })
  expect(told.stdout).toContain(`SpacePanda ${version}`)
}

describe.runIf(facts.rpm !== null)('the rpm', () => {
  beforeAll(() => {
    // dpkg remembers a package that was removed, and must not be taken for whose the next one is.
    dpkg('--install', facts.deb)
    dpkg('--remove', 'spacepanda')
  })
  afterAll(() => {
    // The last test does it; this is for one that failed before.
    if (existsSync(program)) change('--erase', 'spacepanda')
    dpkg('--purge', 'spacepanda')
  })

  it('requires what a window needs, and nothing that was guessed', () => {
    const required = lines(rpm('-qp', '--requires', first)).filter((name) => !name.startsWith('rpmlib('))
    expect(required).toEqual(expect.arrayContaining(['gtk3', 'nss', 'mesa-libgbm', 'xdg-utils']))
    expect(required.filter((name) => /\.so\b/.test(name))).toEqual([])
  })

  it('runs the scripts that the deb runs', () => {
    const said = rpm('-qp', '--scripts', first)
    expect(said).toContain(`postinstall scriptlet (using /bin/sh):\n${script('after-install.sh')}\n`)
    expect(said).toContain(`postuninstall scriptlet (using /bin/sh):\n${script('after-remove.sh')}\n`)
    expect(said.match(/scriptlet/g)).toHaveLength(2)
  })

  it('is root’s, can be changed by nobody else, and owns no folder that others use', () => {
    const rows = lines(rpm('-qp', '--queryformat', '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]', first)).map(
      (line) => /^(\S+) (\S+) (.+)$/.exec(line)?.slice(1) ?? [],
    )
    expect(rows.filter(([, owner]) => owner !== 'root:root')).toEqual([])
    expect(rows.filter(([mode = '']) => !mode.startsWith('l') && /^.{5}w|^.{8}w/.test(mode))).toEqual([])
    expect(rows.filter(([mode = '']) => /s/i.test(mode)).map(([, , path]) => path)).toEqual(['/opt/SpacePanda/chrome-sandbox'])
    const folders = rows.filter(([mode = '']) => mode.startsWith('d')).map(([, , path = '']) => path)
    expect(folders).toEqual(expect.arrayContaining(['/opt/SpacePanda', '/usr/share/licenses/spacepanda']))
    expect(folders.filter((path) => !/^\/opt\/SpacePanda(?:\/|$)|^\/usr\/share\/licenses\/spacepanda$/.test(path))).toEqual([])
    expect(rows.map(([, , path]) => path)).toEqual(
      expect.arrayContaining([command, '/usr/share/applications/spacepanda.desktop', '/usr/share/licenses/spacepanda/copyright']),
    )
  })

  it('is there as it was packed when it was installed, and starts', () => {
    change('--install', first)
    expectInstalled(facts.version)
  })

  it('opens a window for an ordinary user, in the sandbox, and says that it does not update itself', async () => {
    const home = newHome('rpm-desktop')
    const window = new InstalledWindow(home)
    try {
      const page = await window.page()
      expect(statusOf(window.pid, 'Uid')).toBe(String(facts.user.uid))
      expectSandbox(window.pid)
      await new FirstRun(page).createProfile('Ri')
      expect(JSON.parse(runCommand(home, ['--json', 'whoami']).stdout)).toMatchObject({ name: 'Ri' })
      const settings = new Settings(page)
      await settings.open('About')
      await settings.section('Updates').getByText('Install the next package over it').waitFor()
    } finally {
      await window.close()
    }
  })

  it('gives way to the next one, of which nothing goes with the old one, and leaves nothing behind but profiles', async () => {
    const home = newHome('rpm-kept')
    expect(runCommand(home, ['--json', 'init', '--name', 'Cy'], secret).status).toBe(0)
    const profile = join(home, '.config', 'SpacePanda')
    const before = await folderDigest(profile)
    change('--upgrade', next)
    expectInstalled(facts.next.version)
    expect(await folderDigest(profile)).toEqual(before)
    expect(JSON.parse(runCommand(home, ['--json', 'space', 'list'], secret).stdout)).toBeDefined()

    const used = await folderDigest(profile)
    const files = lines(rpm('-ql', 'spacepanda'))
    change('--erase', 'spacepanda')
    expect([program, command, '/opt/SpacePanda', ...files].filter(existsSync)).toEqual([])
    expect(await folderDigest(profile)).toEqual(used)
  })
})
