import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { modeOf, testFolder } from '../test-support/folder.ts'
import { createDurably, replaceDurably, touchDurably } from './durable-file.ts'

const read = (file: string): string => fromUtf8(readFileSync(file))
const disk: unknown = expect.objectContaining({ name: 'AppError', code: 'disk' })

test('a new file is for its owner alone, and a taken name stays as it is', () => {
  const dir = testFolder()
  const file = join(dir, 'a')
  expect(createDurably(file, utf8('one'))).toBe(true)
  expect(createDurably(file, utf8('two'))).toBe(false)
  expect([read(file), modeOf(file), readdirSync(dir)]).toEqual(['one', 0o600, ['a']])
})

test('a file is replaced whole, and closed to others', () => {
  const dir = testFolder()
  const file = join(dir, 'a')
  writeFileSync(file, 'a longer old text', { mode: 0o644 })
  replaceDurably(file, utf8('new'))
  expect([read(file), modeOf(file), readdirSync(dir)]).toEqual(['new', 0o600, ['a']])
})

test('touching makes an empty file or leaves what is there', () => {
  const file = join(testFolder(), 'a')
  touchDurably(file)
  expect([read(file), modeOf(file)]).toEqual(['', 0o600])
  writeFileSync(file, 'kept')
  touchDurably(file)
  expect(read(file)).toBe('kept')
})

test('failures are the disk, and leave no temporary file', () => {
  const dir = testFolder()
  expect(() => createDurably(join(dir, 'missing', 'a'), utf8('x'))).toThrow(disk)
  expect(() => touchDurably(join(dir, 'missing', 'a'))).toThrow(disk)
  mkdirSync(join(dir, 'folder', 'full'), { recursive: true })
  expect(() => replaceDurably(join(dir, 'folder'), utf8('x'))).toThrow(disk)
  expect(readdirSync(dir)).toEqual(['folder'])
})
