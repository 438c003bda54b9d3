import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tempDir } from '../testing/temp-dir.ts'
import { readNewPassphrase, readPassphrase } from './passphrase.ts'

let folder: ReturnType<typeof tempDir>
beforeEach(() => {
  folder = tempDir()
})
afterEach(() => folder.remove())
const file = (content: string) => {
  const path = join(folder.dir, 'passphrase')
  writeFileSync(path, content)
  return path
}

describe('the passphrase', () => {
  it.each([
    ['one line', 'secret', 'secret'],
    ['a line break at its end', 'secret\n', 'secret'],
    ['a line break of Windows', 'secret\r\nnotes', 'secret'],
    ['more lines', 'secret\nanother\n', 'secret'],
    ['blanks, which belong to it', '  se cret  \n', '  se cret  '],
  ])('of a file with %s is its first line', (_, content, expected) => {
    expect(readPassphrase(file(content), { SPACEPANDA_PASSPHRASE: 'other' })).toBe(expected)
  })

  it('of the environment is used where no file is given', () => {
    expect(readPassphrase(undefined, { SPACEPANDA_PASSPHRASE: 'secret\n' })).toBe('secret\n')
    expect(readPassphrase(undefined, {})).toBeNull()
  })

  it('that is empty is none, so that nobody is told that it is wrong', () => {
    expect(readPassphrase(file(''), { SPACEPANDA_PASSPHRASE: 'other' })).toBeNull()
    expect(readPassphrase(file('\nsecret'), {})).toBeNull()
    expect(readPassphrase(undefined, { SPACEPANDA_PASSPHRASE: '' })).toBeNull()
  })

  it('that is new has a file and a variable of its own', () => {
    const env = { SPACEPANDA_PASSPHRASE: 'present', SPACEPANDA_NEW_PASSPHRASE: 'new' }
    expect(readNewPassphrase(undefined, env)).toBe('new')
    expect(readNewPassphrase(file('newer\n'), env)).toBe('newer')
    expect(readNewPassphrase(undefined, { SPACEPANDA_PASSPHRASE: 'present' })).toBeNull()
  })

  it('of a file that cannot be read is wrong usage, and the message has nothing of its path', () => {
    for (const path of [join(folder.dir, 'missing'), folder.dir]) {
      expect(() => readPassphrase(path, { SPACEPANDA_PASSPHRASE: 'x' })).toThrow(expect.objectContaining({ code: 'usage' }))
      expect(() => readPassphrase(path, {})).not.toThrow(path)
    }
  })
})
