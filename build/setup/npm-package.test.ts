import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { integrityOf, unpackPackage } from './npm-package.mjs'

let base = ''
const { PATH, npm_execpath } = process.env

/** An npm that packs a package made here, so that the test needs no registry. */
const fakeNpm = (script: string): void => {
  writeFileSync(join(base, 'bin', 'npm'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(base, 'bin', 'npm'), 0o755)
}

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'package-test-'))
  for (const folder of ['bin', 'into', 'package']) mkdirSync(join(base, folder))
  writeFileSync(join(base, 'package', 'program'), 'hello')
  execFileSync('tar', ['-czf', 'made.tgz', 'package'], { cwd: base })
  process.env['PATH'] = `${join(base, 'bin')}${delimiter}${PATH ?? ''}`
  delete process.env['npm_execpath']
})
afterEach(() => {
  process.env['PATH'] = PATH
  if (npm_execpath !== undefined) process.env['npm_execpath'] = npm_execpath
  rmSync(base, { recursive: true, force: true })
})

const onPosix = process.platform !== 'win32'

test.runIf(onPosix)('a package that is what its pin says is unpacked', async () => {
  fakeNpm(`cp ${join(base, 'made.tgz')} .`)
  await unpackPackage({ name: 'made', version: '1.0.0', integrity: await integrityOf(join(base, 'made.tgz')) }, join(base, 'into'))
  expect(readFileSync(join(base, 'into', 'package', 'program'), 'utf8')).toBe('hello')
  expect(existsSync(join(base, 'into', 'made.tgz'))).toBe(false)
})

test.runIf(onPosix)('a package that is anything else is not', async () => {
  fakeNpm(`cp ${join(base, 'made.tgz')} .`)
  const pin = { name: 'made', version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` }
  await expect(unpackPackage(pin, join(base, 'into'))).rejects.toThrow('is not what this version of SpacePanda was tested with')
  expect(existsSync(join(base, 'into', 'package'))).toBe(false)
})

test.runIf(onPosix)('a registry that does not answer is reported in its own words', async () => {
  fakeNpm('echo "npm error code ENOTFOUND" >&2; exit 1')
  const pin = { name: 'made', version: '1.0.0', integrity: '' }
  await expect(unpackPackage(pin, join(base, 'into'))).rejects.toThrow(/Could not fetch made@1\.0\.0[^]*ENOTFOUND/)
})
