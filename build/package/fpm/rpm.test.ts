import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeRpm } from './rpm.mjs'
import { Refusal, parseRequest } from './request.mjs'

const usual = {
  '-s': 'dir',
  '-t': 'rpm',
  '--name': 'spacepanda',
  '--version': '0.1.0~test.1',
  '--description': 'Long ‘words’ at 100%',
  '--maintainer': 'A <a@example.org>',
  '--url': 'https://example.org/%{name}',
  '--license': 'MIT',
  '--rpm-os': 'linux',
  '--rpm-compression': 'gzip',
  // As electron-builder names it.
  '--architecture': 'amd64',
}
let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'adapter test-'))
  mkdirSync(join(base, 'temporary'))
  vi.stubEnv('SOURCE_DATE_EPOCH', '1000000000')
  vi.stubEnv('TMPDIR', join(base, 'temporary'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(base, { recursive: true, force: true })
})

/** Makes one of a tree as electron-builder leaves it. */
const make = async (name: string, different: Record<string, string> = {}, more: string[] = []) => {
  const tree = join(base, `${name}-out`)
  mkdirSync(join(tree, 'resources'), { recursive: true, mode: 0o700 })
  writeFileSync(join(tree, 'spacepanda'), 'program', { mode: 0o755 })
  writeFileSync(join(tree, 'resources', 'secret'), 'x', { mode: 0o600 })
  writeFileSync(join(tree, 'chrome-sandbox'), 'helper')
  execFileSync('chmod', ['4755', join(tree, 'chrome-sandbox')])
  writeFileSync(join(tree, 'resources', 'a "b" [c] 100%d %{name} *.txt'), 'odd')
  symlinkSync('spacepanda', join(tree, 'link'))
  writeFileSync(join(base, 'launcher.sh'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(join(base, 'after.sh'), '#!/bin/sh\nset -e\nprintf "%s" 100% # %{name}\n')
  const options = { ...usual, '--after-install': join(base, 'after.sh'), '--package': join(base, `${name}.rpm`), ...different }
  const files = [`${tree}/=/opt/X`, `${join(base, 'launcher.sh')}=/usr/bin/x`, `${join(base, 'after.sh')}=/usr/share/doc/spacepanda/a`]
  await makeRpm(parseRequest([...Object.entries(options).flat(), ...more, ...files]))
  return { file: join(base, `${name}.rpm`), tree }
}

test.each([
  [{ '--rpm-compression': 'lzo' }, 'not understood: --rpm-compression lzo'],
  [{ '--architecture': 'armv7l' }, 'not understood: --architecture armv7l'],
  [{ '--rpm-os': 'aix' }, 'for Linux only'],
])('%j is refused: %s', async (different, words) => {
  const refused = make('refused', different)
  await expect(refused).rejects.toThrow(Refusal)
  await expect(refused).rejects.toThrow(words)
})

test('a folder for temporary files that rpm would read as a macro is refused', async () => {
  vi.stubEnv('TMPDIR', join(base, '50%d'))
  await expect(make('refused')).rejects.toThrow('set TMPDIR to another folder')
})

const hasRpm = existsSync('/usr/bin/rpmbuild') && existsSync('/usr/bin/rpm')

describe.runIf(hasRpm)('an rpm', () => {
  const ask = (file: string, ...args: string[]) =>
    execFileSync('rpm', ['--dbpath', join(base, 'db'), '--query', '--package', file, ...args], { encoding: 'utf8' }).trim()

  test('has the files, modes and scripts that were asked for, belongs to root, and says what it needs', async () => {
    const { file } = await make('x', {}, ['-d', 'gtk3', '-d', '(a or b)'])
    const listed = ask(file, '--queryformat', '[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILEMTIMES} %{FILENAMES}\n]')
    expect(listed.split('\n')).toEqual([
      'drwxr-xr-x root/root 1000000000 /opt/X',
      '-rwsr-xr-x root/root 1000000000 /opt/X/chrome-sandbox',
      'lrwxrwxrwx root/root 1000000000 /opt/X/link',
      'drwxr-xr-x root/root 1000000000 /opt/X/resources',
      '-rw-r--r-- root/root 1000000000 /opt/X/resources/a "b" [c] 100%d %{name} *.txt',
      '-rw-r--r-- root/root 1000000000 /opt/X/resources/secret',
      '-rwxr-xr-x root/root 1000000000 /opt/X/spacepanda',
      '-rwxr-xr-x root/root 1000000000 /usr/bin/x',
      'drwxr-xr-x root/root 1000000000 /usr/share/doc/spacepanda',
      '-rw-r--r-- root/root 1000000000 /usr/share/doc/spacepanda/a',
    ])
    expect(ask(file, '--scripts')).toBe('postinstall scriptlet (using /bin/sh):\n#!/bin/sh\nset -e\nprintf "%s" 100% # %{name}')
    const needs = ask(file, '--requires').split('\n')
    expect(needs.filter((what) => !what.startsWith('rpmlib('))).toEqual(['(a or b)', '/bin/sh', 'gtk3'])
    const format = '%{NAME}|%{VERSION}|%{ARCH}|%{OS}|%{DESCRIPTION}|%{PACKAGER}|%{URL}|%{LICENSE}|%{BUILDTIME}|%{BUILDHOST}'
    expect(ask(file, '--queryformat', format)).toBe(
      'spacepanda|0.1.0~test.1|x86_64|linux|Long ‘words’ at 100%|A <a@example.org>|https://example.org/%{name}|MIT|1000000000|reproducible',
    )
    // What was needed to make it is put away, and nothing of a database of packages was made.
    expect(readdirSync(join(base, 'temporary'))).toEqual([])
  })

  test.each(['gzip', 'xzmt'])(
    'of the same content is the same bytes with %s, whenever and from wherever it was made',
    async (compression) => {
      const first = await make('first', { '--rpm-compression': compression })
      writeFileSync(join(first.tree, 'resources', 'secret'), 'x')
      utimesSync(join(first.tree, 'spacepanda'), 5, 5)
      vi.stubEnv('TMPDIR', tmpdir())
      const second = await make('second', { '--rpm-compression': compression })
      execFileSync('cmp', [first.file, second.file])
    },
  )

  test.each([
    ['arm64', 'aarch64'],
    ['aarch64', 'aarch64'],
    ['x86_64', 'x86_64'],
  ])('for %s is made wherever, and is rpm’s %s', async (named, arch) => {
    const { file } = await make('arch', { '--architecture': named })
    expect(ask(file, '--queryformat', '%{ARCH}')).toBe(arch)
  })

  test('is not made with anybody’s own settings', async () => {
    vi.stubEnv('HOME', base)
    writeFileSync(join(base, '.rpmmacros'), '%packager Mallory\n%vendor Mallory\n%_build_name_fmt elsewhere.rpm\n')
    const { file } = await make('settings')
    expect(ask(file, '--queryformat', '%{VENDOR}')).toBe('(none)')
  })
})
