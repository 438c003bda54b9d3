import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseRequest } from './request.mjs'
import { specText } from './rpm-spec.mjs'
import { makeRpm } from './rpm.mjs'

const words = {
  '-s': 'dir',
  '-t': 'rpm',
  '-d': 'gtk3',
  '--rpm-os': 'linux',
  '--rpm-compression': 'gzip',
  '--rpm-summary': 'Short words',
  '--architecture': 'x86_64',
  '--description': 'Long words, 100% of them.',
  '--version': '0.1.0~test.1',
  '--name': 'panda',
  '--maintainer': 'A <a@example.org>',
  '--vendor': 'A',
  '--url': 'https://example.org',
}
const request = (
  more: Partial<Record<keyof typeof words | '--package' | '--after-install' | '--after-remove', string>>,
  ...files: string[]
) => parseRequest([...Object.entries({ ...words, ...more }).flat(), ...files])
const noScripts = { afterInstall: null, afterRemove: null }

describe('the spec file', () => {
  test('says what electron-builder said, and owns the folders of the package alone', () => {
    const asked = request({}, '/built/=/opt/Panda', '/l.sh=/usr/bin/panda', '/c=/usr/share/licenses/panda/copyright')
    expect(specText(asked, { afterInstall: 'set -e\necho 5%\n', afterRemove: 'true\n' })).toBe(
      [
        'Name: panda',
        'Version: 0.1.0~test.1',
        'Release: 1',
        'Summary: Short words',
        'License: unknown',
        'Vendor: A',
        'Packager: A <a@example.org>',
        'URL: https://example.org',
        'AutoReqProv: no',
        'Requires: gtk3',
        '',
        '%description',
        'Long words, 100%% of them.',
        '',
        '%post',
        'set -e\necho 5%%',
        '',
        '%postun',
        'true',
        '',
        '%files',
        '%defattr(-,root,root,-)',
        '%dir /usr/share/licenses/panda',
        '/opt/Panda',
        '/usr/bin/panda',
        '%license /usr/share/licenses/panda/copyright',
        '',
      ].join('\n'),
    )
  })

  test.each([
    ['a line in a field', request({ '--maintainer': 'A\nRequires: x' }), 'Packager has several lines'],
    [
      'a section in the description',
      request({ '--description': 'words\n%post\nrm -rf /' }),
      'the description has a line that begins with %',
    ],
    ['a path with a blank', request({}, '/a=/opt/a b'), 'a path that an rpm cannot have: /opt/a b'],
    ['a path with a pattern', request({}, '/a=/opt/*'), 'a path that an rpm cannot have'],
  ])('is refused with %s', (_, asked, why) => {
    expect(() => specText(asked, noScripts)).toThrow(why)
  })

  test('is refused with a script that begins a section', () => {
    expect(() => specText(request({}), { ...noScripts, afterInstall: 'true\n  %files\n/etc/shadow' })).toThrow(
      'the script for %post has a line',
    )
  })
})

const hasRpmbuild = existsSync('/usr/bin/rpmbuild')

describe.runIf(hasRpmbuild)('an rpm', () => {
  let base = ''
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'adapter-test-'))
    vi.stubEnv('SOURCE_DATE_EPOCH', '1000000000')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(base, { recursive: true, force: true })
  })

  const made = async (name: string, more: Parameters<typeof request>[0] = {}) => {
    const tree = join(base, 'out')
    mkdirSync(join(tree, 'resources'), { recursive: true, mode: 0o700 })
    writeFileSync(join(tree, 'panda'), 'program', { mode: 0o755 })
    writeFileSync(join(tree, 'resources', 'a name [with] 5% of all'), 'x', { mode: 0o600 })
    writeFileSync(join(tree, 'chrome-sandbox'), 'helper')
    execFileSync('chmod', ['4755', join(tree, 'chrome-sandbox')])
    if (!existsSync(join(tree, 'link'))) symlinkSync('panda', join(tree, 'link'))
    for (const script of ['launcher.sh', 'after.sh']) writeFileSync(join(base, script), '#!/bin/sh\necho 5%\n', { mode: 0o755 })
    const file = join(base, name)
    const after = { '--after-install': join(base, 'after.sh'), '--after-remove': join(base, 'after.sh') }
    await makeRpm(request({ ...after, ...more, '--package': file }, `${tree}/=/opt/Panda`, `${join(base, 'launcher.sh')}=/usr/bin/panda`))
    return file
  }
  const asked = (file: string, ...what: string[]) =>
    execFileSync('rpm', ['--dbpath', join(base, 'db'), '-qp', '--nosignature', ...what, file], { encoding: 'utf8' })

  test('has the files, modes and scripts that were asked for, and belongs to root', async () => {
    const file = await made('a.rpm')
    const listed = asked(file, '--queryformat', '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEMTIMES} %{FILENAMES}\n]')
    expect(listed.trim().split('\n').toSorted()).toEqual(
      [
        'drwxr-xr-x root:root 1000000000 /opt/Panda',
        '-rwsr-xr-x root:root 1000000000 /opt/Panda/chrome-sandbox',
        'lrwxrwxrwx root:root 1000000000 /opt/Panda/link',
        '-rwxr-xr-x root:root 1000000000 /opt/Panda/panda',
        'drwxr-xr-x root:root 1000000000 /opt/Panda/resources',
        '-rw-r--r-- root:root 1000000000 /opt/Panda/resources/a name [with] 5% of all',
        '-rwxr-xr-x root:root 1000000000 /usr/bin/panda',
      ].toSorted(),
    )
    expect(
      asked(file, '--scripts')
        .split('\n')
        .filter((line) => line === 'echo 5%'),
    ).toHaveLength(2)
    expect(asked(file, '--queryformat', '%{VERSION} %{ARCH} %{OS} %{BUILDHOST} %{BUILDTIME} %{DESCRIPTION}')).toBe(
      '0.1.0~test.1 x86_64 linux reproducible 1000000000 Long words, 100% of them.',
    )
    const requires = asked(file, '--requires').trim().split('\n')
    expect(requires.filter((name) => !name.startsWith('rpmlib(') && name !== '/bin/sh')).toEqual(['gtk3'])
  })

  test('is the same bytes when it is made again', async () => {
    const sums = [await made('a.rpm'), await made('b.rpm')].map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
    expect(sums[1]).toBe(sums[0])
  })

  test('of a compression that is not known is refused, and one of another machine is made', async () => {
    await expect(made('a.rpm', { '--rpm-compression': 'zip' })).rejects.toThrow('not understood: --rpm-compression zip')
    expect(asked(await made('b.rpm', { '--architecture': 'aarch64' }), '--queryformat', '%{ARCH}')).toBe('aarch64')
  })
})
