import { readFileSync, readdirSync } from 'node:fs'
import type * as Fs from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { testFolder } from '../test-support/folder.ts'
import { createDurably } from './durable-file.ts'

/** How many files the disk still takes. */
const room = vi.hoisted(() => ({ files: Infinity }))

/** A filesystem without hard links, as on most memory sticks. */
vi.mock('node:fs', async (actual) => {
  const fs = await actual<typeof Fs>()
  const fail = (code: string): never => {
    throw Object.assign(new Error(code), { code })
  }
  const fsyncSync = (fd: number): void => (room.files-- > 0 ? fs.fsyncSync(fd) : fail('ENOSPC'))
  return { ...fs, linkSync: () => fail('EPERM'), fsyncSync }
})

test('where there are no links a new file is made all the same, and a taken name stays as it is', () => {
  room.files = Infinity
  const file = join(testFolder(), 'a')
  expect(createDurably(file, utf8('one'))).toBe(true)
  expect(createDurably(file, utf8('two'))).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('one')
})

test('and one for which the disk has no room leaves nothing that takes the name', () => {
  const dir = testFolder()
  room.files = 1
  expect(() => createDurably(join(dir, 'a'), utf8('one'))).toThrow(expect.objectContaining({ code: 'disk' }))
  expect(readdirSync(dir)).toEqual([])
})
