import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { testFolder } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import { holdLockFile } from './lock-file.ts'

const busy: unknown = expect.objectContaining({ name: 'AppError', code: 'in-use', message: 'busy' })
const lockFile = (): string => join(testFolder(), 'some.lock')

test('is held by one at a time, also within a process, and nothing is left of it', async () => {
  const file = lockFile()
  const letGo = holdLockFile(file, 'busy')
  // To try must not give up what the process holds.
  expect(() => holdLockFile(file, 'busy')).toThrow(busy)
  expect(await runScript('hold-lock.ts', file).line('refused')).toBe('refused in-use')
  letGo()
  expect(existsSync(file)).toBe(false)
  const other = runScript('hold-lock.ts', file)
  await other.line('held')
  expect(() => holdLockFile(file, 'busy')).toThrow(busy)
  await other.kill()
  holdLockFile(file, 'busy')()
  expect(existsSync(file)).toBe(false)
})

/** In the middle of taking the lock, just before SQLite looks. */
function meanwhile(happens: () => void): void {
  const { pragma } = Database.prototype
  vi.spyOn(Database.prototype, 'pragma').mockImplementationOnce(function (this: Database.Database, sql) {
    happens()
    return pragma.call(this, sql)
  })
}

test('is not held by who found it just before another let it go: that one removes it, and a third makes it anew', () => {
  const file = lockFile()
  meanwhile(holdLockFile(file, 'busy'))
  expect(() => holdLockFile(file, 'busy')).toThrow(busy)
  holdLockFile(file, 'busy')()
  expect(existsSync(file)).toBe(false)
})

test("is somebody else's where another was made meanwhile, and that one stays", () => {
  const file = lockFile()
  const letGo = holdLockFile(file, 'busy')
  let third: (() => void) | undefined
  meanwhile(() => {
    letGo()
    third = holdLockFile(file, 'busy')
  })
  expect(() => holdLockFile(file, 'busy')).toThrow(busy)
  expect(existsSync(file)).toBe(true)
  third?.()
  expect(existsSync(file)).toBe(false)
})
