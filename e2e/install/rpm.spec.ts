import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderDigest } from '../fixtures/folder-digest.ts'
import { FirstRun, PASSPHRASE } from '../pages/first-run.ts'
import { InstalledWindow, command, facts, newHome, program, runCommand } from './installed.ts'

const secret = { SPACEPANDA_PASSPHRASE: PASSPHRASE }
const rpm = (...args: string[]): string =>
  execFileSync('rpm', ['--dbpath', facts.rpmDatabase, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
/** Debian lets rpm install nothing unless it is told to. What the package requires is there by Debian's names. */
const install = (how: '--install' | '--upgrade', file: string): string => rpm(how, '--nodeps', '--force-debian', file)
const lines = (text: string): string[] => text.trim().split('\n')

afterAll(() => {
  // The last test does it; this is for one that failed before.
  if (existsSync(program)) rpm('--erase', '--nodeps', '--force-debian', 'spacepanda')
})

describe('the rpm', () => {
  it('requires what a window needs, and nothing that was guessed', () => {
    const required = lines(rpm('-qp', '--requires', facts.rpm)).filter((name) => !name.startsWith('rpmlib('))
    expect(required).toEqual(expect.arrayContaining(['gtk3', 'nss', 'mesa-libgbm']))
    expect(required.filter((name) => /^lib\w+\.so/.test(name))).toEqual([])
  })

  it('installed, starts, and has the sandbox helper as root’s and setuid', () => {
    install('--install', facts.rpm)
    const helper = statSync('/opt/SpacePanda/chrome-sandbox')
    expect([helper.uid, helper.mode & 0o7777]).toEqual([0, 0o4755])
    const told = runCommand(newHome('rpm-terminal'), ['--version'])
    expect(told).toMatchObject({ status: 0, stderr: '' })
    expect(told.stdout).toContain(`SpacePanda ${facts.version}`)
  })

  it('belongs to root and can be changed by nobody else; every file is as it was packed', () => {
    for (const file of lines(rpm('-ql', 'spacepanda'))) {
      const { uid, mode } = statSync(file)
      expect({ file, uid, writable: mode & 0o022 }).toEqual({ file, uid: 0, writable: 0 })
    }
    expect(rpm('--verify', '--nodeps', 'spacepanda')).toBe('')
  })

  it('opens a window for an ordinary user, in the sandbox, and makes a profile there', async () => {
    const home = newHome('rpm-desktop')
    const window = new InstalledWindow(home)
    try {
      await new FirstRun(await window.page()).createProfile('Ri')
      expect(JSON.parse(runCommand(home, ['--json', 'whoami']).stdout)).toMatchObject({ name: 'Ri' })
      expect(readFileSync(`/proc/${window.pid}/cmdline`, 'utf8')).not.toContain('--no-sandbox')
    } finally {
      await window.close()
    }
  })

  it('gives way to the next one, whose files and profile stay when the old one goes', async () => {
    const home = newHome('rpm-kept')
    expect(runCommand(home, ['--json', 'init', '--name', 'Cy'], secret).status).toBe(0)
    const profile = join(home, '.config', 'SpacePanda')
    const before = await folderDigest(profile)
    install('--upgrade', facts.next.rpm)
    expect(lines(rpm('-q', '--queryformat', '%{VERSION}\n', 'spacepanda'))).toEqual([facts.next.version.replace('-', '~')])
    expect(statSync('/opt/SpacePanda/chrome-sandbox').mode & 0o7777).toBe(0o4755)
    expect(rpm('--verify', '--nodeps', 'spacepanda')).toBe('')
    expect(runCommand(home, ['--version']).stdout).toContain(`SpacePanda ${facts.next.version}`)
    expect(await folderDigest(profile)).toEqual(before)

    const files = lines(rpm('-ql', 'spacepanda'))
    rpm('--erase', '--nodeps', '--force-debian', 'spacepanda')
    expect([program, command, '/opt/SpacePanda', ...files].filter(existsSync)).toEqual([])
    expect(await folderDigest(profile)).toEqual(before)
  })
})
