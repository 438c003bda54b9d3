import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { controlText, makeDeb } from './deb.mjs'
import { parseRequest } from './request.mjs'

const usual = [
  '-s',
  'dir',
  '--force',
  '-t',
  'deb',
  '-d',
  'libnss3',
  '-d',
  'a | b',
  '--deb-recommends',
  'xdg-utils',
  '--deb-compression',
  'gz',
]
const about = [
  '--architecture',
  'amd64',
  '--description',
  'Short words\n Long words.\n',
  '--version',
  '0.1.0~test.1',
  '--name',
  'spacepanda',
]
const whose = [
  '--maintainer',
  'A <a@example.org>',
  '--vendor',
  'A',
  '--url',
  'https://example.org',
  '--deb-priority',
  'optional',
  '--category',
  'net',
]

test('a control file says what was asked for', () => {
  const { options } = parseRequest([...usual, ...about, ...whose])
  expect(controlText(options, 123)).toBe(
    [
      'Package: spacepanda',
      'Version: 0.1.0~test.1',
      'Architecture: amd64',
      'Maintainer: A <a@example.org>',
      'Installed-Size: 123',
      'Depends: libnss3, a | b',
      'Recommends: xdg-utils',
      'Section: net',
      'Priority: optional',
      'Homepage: https://example.org',
      'Description: Short words',
      ' Long words.',
      '',
    ].join('\n'),
  )
})

test('a request that would smuggle a line into the control file is refused', () => {
  const { options } = parseRequest([...usual, ...about, '--maintainer', 'A\nPre-Depends: x', '--url', 'u'])
  expect(() => controlText(options, 1)).toThrow('Maintainer has several lines')
})

const hasDpkg = existsSync('/usr/bin/dpkg-deb')

describe.runIf(hasDpkg)('a deb', () => {
  let base = ''
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'adapter-test-'))
  })
  afterEach(() => {
    rmSync(base, { recursive: true, force: true })
  })

  test('has the files, modes and scripts that were asked for, and belongs to root', async () => {
    const tree = join(base, 'out')
    mkdirSync(join(tree, 'resources'), { recursive: true, mode: 0o700 })
    writeFileSync(join(tree, 'spacepanda'), 'program', { mode: 0o755 })
    writeFileSync(join(tree, 'resources', 'secret'), 'x', { mode: 0o600 })
    writeFileSync(join(tree, 'chrome-sandbox'), 'helper')
    execFileSync('chmod', ['4755', join(tree, 'chrome-sandbox')])
    symlinkSync('spacepanda', join(tree, 'link'))
    writeFileSync(join(base, 'launcher.sh'), '#!/bin/sh\n', { mode: 0o755 })
    writeFileSync(join(base, 'after.sh'), '#!/bin/sh\n')
    const deb = join(base, 'x.deb')
    const args = ['--after-install', join(base, 'after.sh'), '--package', deb, `${tree}/=/opt/X`, `${join(base, 'launcher.sh')}=/usr/bin/x`]
    vi.stubEnv('SOURCE_DATE_EPOCH', '1000000000')
    // Of whoever lets nobody read their files.
    const umask = process.umask(0o077)
    await makeDeb(parseRequest([...usual, ...about, ...whose, ...args])).finally(() => process.umask(umask))
    vi.unstubAllEnvs()
    const listed = execFileSync('dpkg-deb', ['--contents', deb], { encoding: 'utf8' })
    const modes = Object.fromEntries(
      listed
        .trim()
        .split('\n')
        .map((line) => [line.split(/\s+/)[5] ?? '', line.split(/\s+/).slice(0, 2).join(' ')]),
    )
    expect(modes).toMatchObject({
      './opt/X/spacepanda': '-rwxr-xr-x root/root',
      './opt/X/chrome-sandbox': '-rwsr-xr-x root/root',
      './opt/X/resources/': 'drwxr-xr-x root/root',
      './opt/X/resources/secret': '-rw-r--r-- root/root',
      './opt/X/link': 'lrwxrwxrwx root/root',
      './usr/bin/x': '-rwxr-xr-x root/root',
    })
    // Every time in it is the one that was given, however old or new the files are.
    expect(
      listed
        .trim()
        .split('\n')
        .filter((line) => !line.includes(' 2001-09-09 ')),
    ).toEqual([])
    const control = execFileSync('dpkg-deb', ['--field', deb, 'Version', 'Depends'], { encoding: 'utf8' })
    expect(control).toContain('0.1.0~test.1')
    const controlled = execFileSync('tar', ['--list', '--verbose'], {
      encoding: 'utf8',
      input: execFileSync('dpkg-deb', ['--ctrl-tarfile', deb]),
    })
    expect(controlled).toMatch(/^-rwxr-xr-x root\/root .* \.\/postinst$/m)
    expect(controlled).toMatch(/^-rw-r--r-- root\/root .* \.\/control$/m)
  })
  test.runIf(process.getuid?.() === 0)('that needs what is not there is not unpacked over the one that is installed', async () => {
    const root = join(base, 'root')
    for (const folder of ['info', 'updates', 'triggers']) mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true })
    writeFileSync(join(root, 'var/lib/dpkg/status'), '')
    const installed = () => readFileSync(join(root, 'opt/X/spacepanda'), 'utf8')
    const install = async (version: string, ...more: string[]) => {
      const tree = join(base, version)
      mkdirSync(tree)
      writeFileSync(join(tree, 'spacepanda'), version)
      const deb = `${tree}.deb`
      const named = about.map((word) => (word === '0.1.0~test.1' ? version : word === 'amd64' ? 'all' : word))
      await makeDeb(parseRequest(['-s', 'dir', '-t', 'deb', ...more, ...named, ...whose, '--package', deb, `${tree}/=/opt/X`]))
      return spawnSync('dpkg', [`--root=${root}`, '--install', deb], { encoding: 'utf8' }).status
    }
    expect([await install('1.0'), installed()]).toEqual([0, '1.0'])
    expect([await install('2.0', '--deb-pre-depends', 'libnew'), installed()]).toEqual([1, '1.0'])
    expect(readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8')).toContain('Status: install ok installed')
    // As a mere dependency it would have been.
    expect([await install('3.0', '-d', 'libnew'), installed()]).toEqual([1, '3.0'])
  })
})
