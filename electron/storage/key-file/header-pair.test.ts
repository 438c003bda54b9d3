import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { modeOf, testFolder } from '../test-support/folder.ts'
import { type Header, encodeHeader } from './header.ts'
import { mendPair, readHeader, readPair, writePair } from './header-pair.ts'
import { keyFileCopyPath, keyFilePath } from './profile-folder.ts'

const keyId = '01'.repeat(16)
const header = (generation: number, change: Partial<Header> = {}): Header => ({
  generation,
  keyId,
  database: 'made',
  wraps: [{ kind: 'keyring', sealed: generation.toString(16).padStart(2, '0') }],
  ...change,
})
const encoded = (generation: number, change?: Partial<Header>) => encodeHeader(header(generation, change))

/** A folder in which the two stand as given; null for none. */
function folder(file: Uint8Array | string | null, copy: Uint8Array | string | null): string {
  const dir = testFolder()
  if (file !== null) writeFileSync(keyFilePath(dir), file)
  if (copy !== null) writeFileSync(keyFileCopyPath(dir), copy)
  return dir
}

const future = JSON.stringify({ format: 3, anything: true })
const damage: [string, Uint8Array | string | null][] = [
  ['gone', null],
  ['empty', ''],
  ['cut short', encoded(5).slice(0, 50)],
  ['all zeros', new Uint8Array(500)],
  ['not what its checksum says', Buffer.from(encoded(5)).toString().replace('"made"', '"expected"')],
]

describe('reading', () => {
  test.each(damage)('a key file that is %s is answered from the copy', (_what, file) => {
    expect(readHeader(folder(file, encoded(2)))).toEqual({ kind: 'present', header: header(2) })
  })

  test.each(damage)('a copy that is %s changes nothing', (_what, copy) => {
    expect(readHeader(folder(encoded(2), copy))).toEqual({ kind: 'present', header: header(2) })
  })

  test.each(damage.slice(1))('both %s are damage, not absence', (_what, content) => {
    expect(readHeader(folder(content, content)).kind).toBe('damaged')
    expect(readHeader(folder(null, content)).kind).toBe('damaged')
    expect(readHeader(folder(content, null)).kind).toBe('damaged')
  })

  test('none is absence', () => {
    expect(readHeader(folder(null, null))).toEqual({ kind: 'absent' })
  })

  test('a folder in the place of the key file is answered from the copy', () => {
    const dir = folder(null, encoded(2))
    mkdirSync(keyFilePath(dir))
    expect(readHeader(dir)).toEqual({ kind: 'present', header: header(2) })
  })

  test.each([
    ['the file is newer', 3, 2, 3],
    ['the copy is newer', 2, 3, 3],
    ['both are alike', 2, 2, 2],
  ])('where %s, the newer one counts', (_what, file, copy, expected) => {
    expect(readHeader(folder(encoded(file), encoded(copy)))).toEqual({ kind: 'present', header: header(expected) })
  })

  test('a copy of another key counts only where there is nothing else', () => {
    const stranger = { keyId: '02'.repeat(16) }
    expect(readHeader(folder(encoded(2), encoded(9, stranger)))).toEqual({ kind: 'present', header: header(2) })
    expect(readHeader(folder('', encoded(9, stranger)))).toEqual({ kind: 'present', header: header(9, stranger) })
  })

  test.each([
    ['the file', future, encoded(2)],
    ['the copy', encoded(2), future],
    ['the file, the copy being damaged', future, ''],
    ['the copy, the file being damaged', '', future],
  ])('%s of a newer program is not ours to read', (_what, file, copy) => {
    expect(readHeader(folder(file, copy))).toEqual({ kind: 'newer' })
  })
})

describe('writing', () => {
  test('leaves both alike, for their owner alone, and nothing else', () => {
    const dir = folder(encoded(1), null)
    writePair(dir, header(2))
    expect(readPair(dir)).toEqual({ file: { kind: 'present', header: header(2) }, copy: { kind: 'present', header: header(2) } })
    expect([keyFilePath(dir), keyFileCopyPath(dir)].map(modeOf)).toEqual([0o600, 0o600])
    expect(readdirSync(dir)).toHaveLength(2)
  })

  test('that cannot be done changes neither and leaves nothing', () => {
    const dir = folder(null, encoded(1))
    mkdirSync(join(keyFilePath(dir), 'full'), { recursive: true })
    expect(() => writePair(dir, header(2))).toThrow(expect.objectContaining({ code: 'disk' }))
    expect(readHeader(dir)).toEqual({ kind: 'present', header: header(1) })
    expect(readdirSync(dir)).toHaveLength(2)
  })

  test('whose second half fails leaves no older copy behind', () => {
    const dir = folder(encoded(1), null)
    mkdirSync(join(keyFileCopyPath(dir), 'full'), { recursive: true })
    writePair(dir, header(2))
    expect(readPair(dir)).toEqual({ file: { kind: 'present', header: header(2) }, copy: { kind: 'absent' } })
    expect(readdirSync(dir)).toHaveLength(1)
  })
})

describe('mending', () => {
  test.each<[string, Uint8Array | string | null, Uint8Array | string | null]>([
    ['a damaged file', 'x', encoded(2)],
    ['a missing file', null, encoded(2)],
    ['a damaged copy', encoded(2), 'x'],
    ['a missing copy', encoded(2), null],
    ['a copy that a crash left behind', encoded(2), encoded(1)],
    ['a file that a crash left behind', encoded(1), encoded(2)],
  ])('%s makes both whole, once', (_what, file, copy) => {
    const dir = folder(file, copy)
    expect(mendPair(dir, header(2))).toBe(true)
    expect(readPair(dir)).toEqual({ file: { kind: 'present', header: header(2) }, copy: { kind: 'present', header: header(2) } })
    expect(mendPair(dir, header(2))).toBe(false)
  })

  test('writes nothing where nothing is wrong', () => {
    const dir = folder(encoded(2), encoded(2))
    rmSync(keyFileCopyPath(dir))
    writeFileSync(keyFileCopyPath(dir), encoded(2), { mode: 0o444 })
    expect(mendPair(dir, header(2))).toBe(false)
    expect(modeOf(keyFileCopyPath(dir))).toBe(0o444)
  })

  test('removes what interrupted changes left, and nothing else', () => {
    const dir = folder(encoded(2), encoded(2))
    const id = 'ab'.repeat(16)
    for (const name of [`profile.json.${id}.tmp`, `profile.json.copy.${id}.tmp`]) writeFileSync(join(dir, name), encoded(1))
    const others = ['profile.json.tmp', `profile.db.${id}.tmp`, 'notes.tmp', `profile.json.${id}.tmp.mine`]
    for (const name of others) writeFileSync(join(dir, name), 'mine')
    expect(mendPair(dir, header(2))).toBe(true)
    expect(readdirSync(dir).sort()).toEqual([...others, 'profile.json', 'profile.json.copy'].sort())
    expect(readFileSync(join(dir, 'notes.tmp'), 'utf8')).toBe('mine')
  })
})
