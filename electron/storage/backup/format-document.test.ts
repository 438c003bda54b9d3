import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { testKey } from '../test-support/folder.ts'
import { decodeBackupHeader, encodeBackupHeader } from './header.ts'
import { keyCheck, macKey } from './layout.ts'

const page = readFileSync(new URL('../../../docs/backup-format.md', import.meta.url), 'utf8')
const [, example = ''] = /## Example[^]*?```\n([^]*?)```/.exec(page) ?? []

test('the example of docs/backup-format.md is what is written, and what is read', () => {
  const bytes = fromHex(example.replaceAll(/\s/g, ''))
  const salt = new Uint8Array(16).fill(3)
  const recovery = {
    kind: 'recovery',
    kdf: { name: 'hkdf-sha256', salt: '00'.repeat(16) },
    nonce: '11'.repeat(12),
    sealed: '22'.repeat(48),
  } as const
  const header = {
    createdAt: Date.UTC(2026, 10, 23, 12),
    database: { bytes: 512, spaces: 2, messages: 300 },
    ...{ salt, keyCheck: keyCheck(testKey(), salt), wraps: [recovery] },
  }
  expect(decodeBackupHeader(bytes)).toEqual({ kind: 'header', header })
  expect(toHex(encodeBackupHeader(header))).toBe(toHex(bytes))
  const key = macKey(testKey(), salt)
  const end = createHmac('sha256', key).update(bytes).update(new Uint8Array(512).fill(0xdb)).digest('hex')
  for (const value of [toHex(key), toHex(header.keyCheck), end]) expect(page).toContain(value)
})
