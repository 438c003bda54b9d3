import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { installPackage } from './install-package.ts'
import type { InstallDeps, Run } from './install-package.ts'

const sha512 = createHash('sha512').update('new').digest('hex')
let folder = ''
const at = (name: string): string => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-'))
  writeFileSync(at('package'), 'new')
})
afterEach(() => rmSync(folder, { recursive: true }))

const deps = (change: Partial<InstallDeps> = {}): InstallDeps => ({
  run: vi.fn<Run>().mockResolvedValue(0),
  leave: vi.fn<InstallDeps['leave']>().mockResolvedValue(true),
  isRoot: false,
  image: undefined,
  script: '/opt/script.sh',
  clock: systemClock,
  ...change,
})

describe('a deb', () => {
  /** Answers of the programs that were asked, in their order. */
  const outcome = async (answers: Record<string, number>, isRoot = false) => {
    const run = vi.fn<Run>((program) => Promise.resolve(answers[program] ?? null))
    const told = await installPackage({ kind: 'deb', sha512 }, at('package'), deps({ run, isRoot }))
    return { told: told.ok ? 'installed' : told.error, asked: run.mock.calls.map(([program]) => program), run }
  }

  it('is installed as root by our script, which is handed what was signed', async () => {
    const { told, run } = await outcome({ pkexec: 0 })
    expect(told).toBe('installed')
    expect(run).toHaveBeenCalledExactlyOnceWith('pkexec', ['/opt/script.sh', at('package'), sha512])
  })

  it.each([
    ['the person closes the dialog', { pkexec: 126, sudo: 0 }, false, 'not-permitted', ['pkexec']],
    ['nobody can be asked, and it is allowed without', { pkexec: 127, sudo: 0 }, false, 'installed', ['pkexec', 'sudo']],
    ['nobody can be asked, and it is not', { pkexec: 127, sudo: 1 }, false, 'not-permitted', ['pkexec', 'sudo']],
    ['there is neither', {}, false, 'no-installer', ['pkexec', 'sudo']],
    ['other bytes lie there', { pkexec: 40 }, false, 'wrong-package', ['pkexec']],
    ['dpkg fails', { pkexec: 41 }, false, 'install-failed', ['pkexec']],
    ['root runs it', { '/bin/sh': 0 }, true, 'installed', ['/bin/sh']],
  ])('%s', async (_what, answers, isRoot, told, asked) => {
    expect(await outcome(answers, isRoot)).toMatchObject({ told, asked })
  })
})

describe('what root is asked to run', () => {
  const script = join(import.meta.dirname, '..', '..', 'build', 'package', 'linux', 'install-update.sh')

  /** With a dpkg that notes what it was given, or fails, and says this of what is installed and of how the versions compare. */
  const runScript = (dpkg: string, { hash = sha512, installed = '', isNewer = 'true' } = {}) => {
    mkdirSync(at('bin'))
    mkdirSync(at('tmp'))
    const programs = {
      dpkg: `if [ "$1" = --compare-versions ]; then ${isNewer}; exit; fi\n${dpkg}`,
      'dpkg-deb': 'echo 1.3.0',
      'dpkg-query': installed === '' ? 'exit 1' : `printf '%s' '${installed}'`,
      sleep: 'exit 0',
    }
    for (const [name, lines] of Object.entries(programs)) writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
    const env = { PATH: `${at('bin')}:/usr/bin:/bin`, TMPDIR: at('tmp') }
    return spawnSync('/bin/sh', [script, at('package'), hash], { env }).status
  }

  it.runIf(process.platform === 'linux')('installs a copy that nobody else can change, and leaves nothing behind', () => {
    expect(runScript(`stat -c %a "$(dirname "$2")" > ${at('seen')}; cat "$2" >> ${at('seen')}; [ "$1" = --install ]`)).toBe(0)
    expect(readFileSync(at('seen'), 'utf8')).toBe('700\nnew')
    expect(readdirSync(at('tmp'))).toEqual([])
  })

  it.runIf(process.platform === 'linux')('does not hand other bytes to dpkg', () => {
    expect(runScript(`touch ${at('seen')}`, { hash: 'ab'.repeat(64) })).toBe(40)
    expect(existsSync(at('seen'))).toBe(false)
    expect(readdirSync(at('tmp'))).toEqual([])
  })

  it.runIf(process.platform === 'linux')('says when dpkg failed', () => {
    expect(runScript(`echo >> ${at('seen')}; exit 1`, { installed: 'installed 1.2.0' })).toBe(41)
    expect(readFileSync(at('seen'), 'utf8')).toBe('\n')
  })

  it.runIf(process.platform === 'linux')('waits for another dpkg, and not for ever', () => {
    expect(runScript(`echo >> ${at('seen')}; exit 2`)).toBe(41)
    expect(readFileSync(at('seen'), 'utf8')).toHaveLength(31)
  })

  it.runIf(process.platform === 'linux')('looks anew after it waited: what another dpkg brought stays', () => {
    // Once it was tried, a later one is there.
    expect(runScript(`touch ${at('seen')}; exit 2`, { installed: 'installed 1.4.0', isNewer: `[ ! -e ${at('seen')} ]` })).toBe(0)
    expect(existsSync(at('seen'))).toBe(true)
  })

  it.runIf(process.platform === 'linux').each([
    ['installed 1.4.0', false],
    ['half-installed 1.4.0', true],
  ])('never goes back behind what is there: %s', (installed, isTried) => {
    expect(runScript(`touch ${at('seen')}`, { installed, isNewer: 'false' })).toBe(0)
    expect(existsSync(at('seen'))).toBe(isTried)
  })
})

test('an AppImage is replaced as a whole, or stays', async () => {
  writeFileSync(at('image'), 'old', { mode: 0o755 })
  const wrong = await installPackage({ kind: 'AppImage', sha512: 'ab'.repeat(64) }, at('package'), deps({ image: at('image') }))
  expect([wrong, readFileSync(at('image'), 'utf8')]).toEqual([{ ok: false, error: 'wrong-package' }, 'old'])
  const right = await installPackage({ kind: 'AppImage', sha512 }, at('package'), deps({ image: at('image') }))
  expect([right.ok, readFileSync(at('image'), 'utf8'), statSync(at('image')).mode & 0o777]).toEqual([true, 'new', 0o755])
  expect(readdirSync(folder).sort()).toEqual(['image', 'package'])
  const nowhere = await installPackage({ kind: 'AppImage', sha512 }, at('package'), deps({ image: at('missing/image') }))
  expect(nowhere).toEqual({ ok: false, error: 'not-permitted' })
})

test('what lies where an AppImage is put together leads nowhere else', async () => {
  writeFileSync(at('image'), 'old', { mode: 0o755 })
  writeFileSync(at('of-somebody-else'), 'precious')
  symlinkSync(at('of-somebody-else'), at('image.new'))
  expect((await installPackage({ kind: 'AppImage', sha512 }, at('package'), deps({ image: at('image') }))).ok).toBe(true)
  expect([readFileSync(at('image'), 'utf8'), readFileSync(at('of-somebody-else'), 'utf8')]).toEqual(['new', 'precious'])
  expect(lstatSync(at('image')).isFile()).toBe(true)
})

test('two programs of one AppImage that update it at once do not get at what the other puts together', async () => {
  writeFileSync(at('image'), 'old', { mode: 0o755 })
  const programs = Array.from({ length: 8 }, () =>
    installPackage({ kind: 'AppImage', sha512 }, at('package'), deps({ image: at('image') })),
  )
  expect((await Promise.all(programs)).map(({ ok }) => ok)).toEqual(programs.map(() => true))
  expect([readFileSync(at('image'), 'utf8'), readdirSync(folder).sort()]).toEqual(['new', ['image', 'package']])
})

test('what a program left that was ended while it put an image together is removed, and no other', async () => {
  writeFileSync(at('image'), 'old', { mode: 0o755 })
  for (const name of ['image.new-old', 'image.new-now']) {
    mkdirSync(at(name))
    writeFileSync(at(`${name}/next`), 'half')
  }
  const longAgo = (systemClock.now() - 2 * 3_600_000) / 1_000
  utimesSync(at('image.new-old'), longAgo, longAgo)
  expect((await installPackage({ kind: 'AppImage', sha512 }, at('package'), deps({ image: at('image') }))).ok).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['image', 'image.new-now', 'package'])
})

test('a link of somebody else’s beside an AppImage keeps it from nothing', async () => {
  writeFileSync(at('image'), 'old', { mode: 0o755 })
  mkdirSync(at('folder'))
  symlinkSync(at('nowhere'), at('image.new-x'))
  symlinkSync(at('folder'), at('image.new-y'))
  const inAYear = { ...systemClock, now: () => systemClock.now() + 365 * 86_400_000 }
  const own = deps({ image: at('image'), clock: inAYear })
  expect((await installPackage({ kind: 'AppImage', sha512 }, at('package'), own)).ok).toBe(true)
  expect(readdirSync(folder).sort()).toEqual(['folder', 'image', 'image.new-x', 'image.new-y', 'package'])
})

test('the installer of Windows is started, and left to go on', async () => {
  const own = deps()
  expect(await installPackage({ kind: 'nsis', sha512 }, 'C:\\x.exe', own)).toMatchObject({ ok: true })
  expect(own.leave).toHaveBeenCalledExactlyOnceWith('C:\\x.exe', ['--updated', '/S', '--force-run'])
  const kept = deps({ leave: vi.fn<InstallDeps['leave']>().mockResolvedValue(false) })
  expect(await installPackage({ kind: 'nsis', sha512 }, 'C:\\x.exe', kept)).toEqual({ ok: false, error: 'install-failed' })
})
