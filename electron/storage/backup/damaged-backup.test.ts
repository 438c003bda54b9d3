import { createHmac } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { unwatched } from '../../kernel/work.ts'
import { openStore } from '../open-store.ts'
import { BACKUP_PASSPHRASE, backupWorld } from '../test-support/backup-world.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { decodeBackupHeader, encodeBackupHeader } from './header.ts'
import { DIGEST_BYTES, PRELUDE_BYTES, macKey } from './layout.ts'
import { restoreBackup } from './restore-backup.ts'
import { verifyBackup } from './verify-backup.ts'

async function smallBackup(messages = 3) {
  const { file, dir, backUp, store } = await backupWorld(messages)
  await backUp()
  store.close()
  const bytes = readFileSync(file)
  const headerBytes = PRELUDE_BYTES + bytes.readUInt32BE(12) + DIGEST_BYTES
  return { dir, bytes, headerBytes }
}

/** What verifying and restoring say to these bytes; nothing may be left of either. */
async function refusalOf(dir: string, bytes: Uint8Array): Promise<AppError> {
  const file = join(dir, 'damaged')
  const into = join(dir, 'into')
  writeFileSync(file, bytes)
  const before = readdirSync(dir).sort()
  const opener = { kind: 'key', key: testKey() } as const
  const verified: unknown = await verifyBackup(file, opener, dir, unwatched).catch((thrown: unknown) => thrown)
  const restored: unknown = await restoreBackup(
    {
      file,
      opener,
      dir: into,
      openStore: (path, key) => openStore({ file: path, key }),
      prepare: () => expect.unreachable('nothing may be prepared'),
    },
    unwatched,
  ).catch((thrown: unknown) => thrown)
  expect(readdirSync(dir).sort()).toEqual(before)
  if (!(verified instanceof AppError) || !(restored instanceof AppError)) throw new Error('a damaged backup was taken')
  expect(restored.message).toBe(verified.message)
  return verified
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = new Uint8Array(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8))
  return copy
}

/** All of the first and last ones, and some in between. */
const sample = (length: number, dense: number, step: number): number[] =>
  Array.from({ length }, (_, at) => at).filter((at) => at < dense || at >= length - 40 || at % step === 0)

describe('a backup of which something is missing or changed', () => {
  test('is refused at every length, in words that say so', { timeout: 120_000 }, async () => {
    const { dir, bytes, headerBytes } = await smallBackup()
    for (const length of sample(bytes.length, 24, 8_009)) {
      const { code, message } = await refusalOf(dir, bytes.subarray(0, length))
      expect(code).toBe('unreadable')
      expect(message).toContain(length === 0 ? 'not a backup' : 'not complete')
    }
    expect((await refusalOf(dir, bytes.subarray(0, headerBytes))).message).toContain('not complete')
    expect((await refusalOf(dir, Buffer.concat([bytes, Buffer.of(0)]))).message).toContain('after its end')
  })

  test('is refused whichever bit was changed, and nothing changes', { timeout: 120_000 }, async () => {
    const { dir, bytes, headerBytes } = await smallBackup()
    const asked = [...sample(bytes.length, 16, 7_001), ...Array.from({ length: 40 }, (_, n) => headerBytes - 40 + 2 * n)]
    for (const at of asked) {
      const { code, message } = await refusalOf(dir, flipped(bytes, at))
      expect([at, code]).toEqual([at, 'unreadable'])
      if (at < 8) expect(message).toContain('not a backup')
      else if (at >= 16 && at < headerBytes) expect(message).toContain('in its header')
      else if (at >= headerBytes) expect(message).toContain('in its content')
    }
  })

  test('is refused without asking for a passphrase where its header tells', async () => {
    const { dir, bytes, headerBytes } = await smallBackup()
    const file = join(dir, 'damaged')
    writeFileSync(file, flipped(bytes, headerBytes - 50))
    const opener = { kind: 'typed', passphrase: 'something else', recoveryPhrase: null } as const
    await expect(verifyBackup(file, opener, dir, unwatched)).rejects.toMatchObject({ code: 'unreadable' })
  })
})

describe('a file that is no backup', () => {
  test.each([
    ['a letter', 'Dear diary, '.repeat(1000)],
    ['a database', `SQLite format 3\0${'x'.repeat(8192)}`],
    ['a key file', JSON.stringify({ format: 2 })],
    ['a picture', '\u0089PNG\r\n\u001a\n'],
  ])('as %s', async (_, content) => {
    expect((await refusalOf(testFolder(), Buffer.from(content, 'latin1'))).message).toContain('not a backup')
  })

  test('is told from one that a newer program made', async () => {
    const { dir, bytes } = await smallBackup()
    const newer = Buffer.from(bytes)
    newer.writeUInt32BE(2, 8)
    expect((await refusalOf(dir, newer)).message).toContain('newer SpacePanda')
  })

  test('and a folder, a missing file, and a pipe that nobody writes into', async () => {
    const dir = testFolder()
    mkdirSync(join(dir, 'folder'))
    symlinkSync('/dev/zero', join(dir, 'endless'))
    const verify = (name: string) => verifyBackup(join(dir, name), { kind: 'key', key: testKey() }, dir, unwatched)
    await expect(verify('folder')).rejects.toMatchObject({ code: 'unreadable' })
    await expect(verify('endless')).rejects.toMatchObject({ code: 'unreadable' })
    await expect(verify('missing')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** What only somebody who knows the key could make: everything fits but the database itself. */
async function forged(change: (parts: { header: Parameters<typeof encodeBackupHeader>[0]; database: Buffer }) => void) {
  const { dir, bytes, headerBytes } = await smallBackup()
  const reading = decodeBackupHeader(bytes)
  if (reading.kind !== 'header') throw new Error('a backup has a header')
  const parts = { header: reading.header, database: Buffer.from(bytes.subarray(headerBytes, -DIGEST_BYTES)) }
  change(parts)
  const start = Buffer.concat([encodeBackupHeader(parts.header), parts.database])
  const mac = createHmac('sha256', macKey(testKey(), parts.header.salt)).update(start).digest()
  return refusalOf(dir, Buffer.concat([start, mac]))
}

describe('a backup that was made of a damaged database', () => {
  test('is refused where a page of it is damaged', async () => {
    const { code, message } = await forged(({ database }) => database.fill(1, 5 * 4096 + 100, 5 * 4096 + 200))
    expect([code, message]).toEqual(['unreadable', expect.stringContaining('database inside')])
  })

  test('is refused where its first page is', async () => {
    expect((await forged(({ database }) => database.fill(1, 100, 200))).message).toContain('database inside')
  })

  test('is refused where it does not have what it says', async () => {
    const { message } = await forged(({ header }) => {
      header.database.messages += 1
    })
    expect(message).toContain('database inside')
  })
})

test('the layout is the one of the document', async () => {
  const { dir, bytes, headerBytes } = await smallBackup()
  expect(toHex(bytes.subarray(0, 12))).toBe('895350420d0a1a0a00000001')
  const size = statSync(join(dir, 'home', 'profile.db')).size
  expect(bytes.length).toBe(headerBytes + size + 32)
  expect(bytes.subarray(headerBytes, -32).equals(readFileSync(join(dir, 'home', 'profile.db')))).toBe(true)
  expect(bytes.includes(BACKUP_PASSPHRASE)).toBe(false)
})
