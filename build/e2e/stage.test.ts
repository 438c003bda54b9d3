import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closureOf, launcherScript } from './stage.mjs'

const isRoot = process.getuid?.() === 0
let base = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'stage-test-'))
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

test('a native package brings everything it needs, and what is not installed is left out', async () => {
  const put = (name: string, about: object) => {
    mkdirSync(join(base, name), { recursive: true })
    writeFileSync(join(base, name, 'package.json'), JSON.stringify(about))
  }
  put('a', { dependencies: { b: '1' }, optionalDependencies: { '@a/linux': '1', '@a/mac': '1' } })
  put('b', { dependencies: { a: '1' } })
  put('@a/linux', {})
  put('unrelated', {})
  expect(await closureOf(['a'], base)).toEqual(['@a/linux', 'a', 'b'])
})

/** A launcher whose program prints who it is, its home and its arguments. */
const launcher = (program = '#!/bin/sh\nid -u; echo "$HOME"; echo "$@"\n'): string => {
  chmodSync(base, 0o755)
  const executable = join(base, 'pro\'gram "x"')
  writeFileSync(executable, program, { mode: 0o755 })
  const script = join(base, 'launch')
  writeFileSync(script, launcherScript({ executable, home: '/the home', user: { name: 'nobody', uid: 65534, gid: 65534 } }), {
    mode: 0o755,
  })
  return script
}

test.runIf(isRoot)('the program runs as the ordinary user, with its arguments but without --no-sandbox', () => {
  const printed = execFileSync(launcher(), ['--inspect=0', '--no-sandbox', 'a b', '--no-sandbox', ''], { encoding: 'utf8' })
  expect(printed.split('\n')).toEqual(['65534', '/the home', '--inspect=0 a b ', ''])
})

test.runIf(isRoot)('the profile folder is made, given away, and can be reached', () => {
  const script = launcher('#!/bin/sh\ntouch "$SPACEPANDA_DATA_DIR/file"\n')
  const above = join(base, 'closed')
  mkdirSync(above, { mode: 0o700 })
  const profile = join(above, 'profile')
  execFileSync(script, [], { env: { ...process.env, SPACEPANDA_DATA_DIR: profile } })
  expect(statSync(profile).uid).toBe(65534)
  expect(statSync(join(profile, 'file')).uid).toBe(65534)
  expect(statSync(above).mode & 0o777).toBe(0o701)
})

test.runIf(isRoot)('exit status and signals are the program’s own', () => {
  expect(spawnSync(launcher('#!/bin/sh\nexit 7\n')).status).toBe(7)
  expect(spawnSync(launcher('#!/bin/sh\nexec sleep 60\n'), { timeout: 500, killSignal: 'SIGTERM' }).signal).toBe('SIGTERM')
})
