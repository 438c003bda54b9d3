import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { mailboxStoreContract } from '../../testing/contracts/mailbox-store-contract.ts'
import { createMemoryMailboxStore } from '../../testing/fakes/memory-mailbox-store.ts'
import { openMailboxStore } from './open-mailbox-store.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spacepanda-mailbox-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
const file = (): string => join(root, 'mailbox.db')

mailboxStoreContract('memory', createMemoryMailboxStore)
mailboxStoreContract('SQLite', () => openMailboxStore(file()))

describe('a mailbox on disk', () => {
  const tag = systemRandom.bytes(32)
  const object = { hash: systemRandom.bytes(32), bytes: systemRandom.bytes(2_000) }
  const roomy = { tagBytes: 3_000, allBytes: 3_000 }
  const most = { objects: 64, bytes: 1_000_000 }

  it('is there after a restart, with what it counts against its room', () => {
    const first = openMailboxStore(file())
    first.put(tag, [object], 5, roomy)
    const page = first.page(tag, 0, most)
    expect(page).toMatchObject({ objects: [object.bytes], next: 1, more: false, mark: null })
    first.close()
    const second = openMailboxStore(file())
    expect(second.page(tag, 0, most)).toEqual(page)
    expect(second.put(systemRandom.bytes(32), [{ ...object, hash: tag }], 6, roomy)).toEqual({ kind: 'mailbox-full' })
    second.close()
  })

  it('has a put in its files before it answers: a copy taken then, as after a power cut, has it', () => {
    const store = openMailboxStore(file())
    store.put(tag, [object], 5, roomy)
    const copy = join(root, 'copy.db')
    copyFileSync(file(), copy)
    copyFileSync(`${file()}-wal`, `${copy}-wal`)
    store.close()
    const found = openMailboxStore(copy)
    expect(found.page(tag, 0, most).objects).toEqual([object.bytes])
    found.close()
  })

  it('begins empty where it is of another format', () => {
    const first = openMailboxStore(file())
    first.put(tag, [object], 5, roomy)
    first.close()
    const raw = new Database(file())
    raw.exec('ALTER TABLE objects DROP COLUMN mark; PRAGMA user_version = 1')
    raw.close()
    const second = openMailboxStore(file())
    expect(second.usage()).toEqual({ tags: 0, objects: 0, bytes: 0 })
    expect(second.put(tag, [object], 6, roomy)).toEqual({ kind: 'stored', storedAt: [6] })
    second.close()
  })

  it('is for its owner alone, and for one process at a time', () => {
    const store = openMailboxStore(file())
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(() => openMailboxStore(file())).toThrow(expect.objectContaining({ code: 'in-use' }))
    store.close()
  })

  it('says what it finds in place of a mailbox', () => {
    writeFileSync(file(), systemRandom.bytes(5_000))
    expect(() => openMailboxStore(file())).toThrow(expect.objectContaining({ code: 'unreadable' }))
    expect(() => openMailboxStore(join(root, 'nowhere', 'mailbox.db'))).toThrow()
  })
})
