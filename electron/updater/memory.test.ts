import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemRandom } from '../kernel/random.ts'
import { MemoryFile } from './memory.ts'
import type { SignedRotation } from './keys/rotation.ts'
import { judgeAnnouncement } from './release/judge.ts'
import type { Seen } from './release/judge.ts'
import { NOW, announce, keySetOf, makeMaker, makeMakers, makeRelease, rotate } from './test-support/makers.ts'

let folder = ''
const file = () => join(folder, 'updates.json')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'updates-'))
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true })
})

const newest = { date: '2026-11-26T09:00:00Z', digest: 'ab'.repeat(32) }

test('begins with looking by itself, a place in roll-outs, and nothing seen', () => {
  const memory = new MemoryFile(file(), { ...systemRandom, fraction: () => 0.999 })
  expect(memory.value).toEqual({ newest: null, rotations: [], automatic: true, began: null, share: 99 })
})

test('what was saved is there at the next start, for this user alone', () => {
  const makers = makeMakers()
  const rotations = [rotate(keySetOf(makeMakers(), 1), [makers[0], makers[1]])]
  const before = new MemoryFile(file(), systemRandom)
  before.save({ newest, rotations })
  before.save({ automatic: false, began: 12 })
  const after = new MemoryFile(file(), systemRandom)
  expect(after.value).toEqual({ newest, rotations, automatic: false, began: 12, share: before.value.share })
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test.each(['', '{', '[]', '{"newest":null}', '{"newest":null,"rotations":[],"automatic":true,"share":1000}'])(
  'a damaged file is begun anew: %j',
  (text) => {
    writeFileSync(file(), text)
    const memory = new MemoryFile(file(), systemRandom)
    expect(memory.value).toMatchObject({ newest: null, automatic: true, began: null })
    memory.save({ newest })
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ newest })
  },
)

test('of a damaged one what is sound is kept: who wants no looking by itself has none', () => {
  writeFileSync(file(), JSON.stringify({ newest, rotations: 'none', automatic: false, share: 12 }))
  const memory = new MemoryFile(file(), systemRandom)
  expect(memory.value).toEqual({ newest, rotations: [], automatic: false, began: null, share: 12 })
})

test.runIf(process.platform !== 'win32')('one that cannot be read now is left alone, and nothing is done by itself', () => {
  // A folder of its name: root reads what it may not read, too.
  mkdirSync(file())
  const memory = new MemoryFile(file(), systemRandom)
  expect(memory.value.automatic).toBe(false)
  expect(() => memory.save({ newest })).toThrow('cannot be read')
  expect(memory.value.newest).toBeNull()
})

test('what could not be read again is not written', () => {
  const memory = new MemoryFile(file(), systemRandom)
  memory.save({ newest })
  expect(() => memory.save({ share: 100 })).toThrow()
  expect(new MemoryFile(file(), systemRandom).value).toEqual(memory.value)
})

test('a server that repeats statements about keys does not have all of it forgotten', () => {
  const [ada, bo, cy] = makeMakers()
  const installed = { version: '1.2.0', platform: 'linux', arch: 'x64', kind: 'deb' as const }
  const judge = (bytes: Uint8Array, seen: Seen) => judgeAnnouncement(bytes, { pinned: keySetOf([ada, bo, cy]), seen, installed, now: NOW })
  const before = new MemoryFile(file(), systemRandom)
  before.save({ automatic: false })
  for (const serial of [1, 2, 3]) {
    const statement = rotate(keySetOf([ada, bo, makeMaker(`New${serial}`)], serial), [ada, bo])
    const told = judge(announce(makeRelease(), [ada, bo], Array<SignedRotation>(16).fill(statement)), before.value)
    if (!told.ok) throw new Error(told.error.kind)
    before.save(told.value.seen)
  }
  const after = new MemoryFile(file(), systemRandom)
  expect(after.value).toEqual(before.value)
  expect(after.value.rotations).toHaveLength(3)
  // By a key that was replaced.
  expect(judge(announce(makeRelease({ date: '2026-11-26T11:00:00Z' }), [ada, cy]), after.value).ok).toBe(false)
})

test('what could not be written is not taken for known', () => {
  const memory = new MemoryFile(join(folder, 'missing', 'updates.json'), systemRandom)
  expect(() => memory.save({ newest })).toThrow()
  expect(memory.value.newest).toBeNull()
})

test.runIf(process.platform !== 'win32')('a disk that takes only its beginning leaves what was known before', () => {
  new MemoryFile(file(), systemRandom).save({ newest, automatic: false })
  const script = join(import.meta.dirname, 'test-support', 'save-memory.ts')
  // No file may become larger than 4 KiB: the first write takes so much, and says so.
  const command = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`
  expect(execFileSync('bash', ['-c', command, process.execPath, script, file()], { encoding: 'utf8' })).toBe('refused')
  expect(new MemoryFile(file(), systemRandom).value).toMatchObject({ newest, automatic: false })
})
