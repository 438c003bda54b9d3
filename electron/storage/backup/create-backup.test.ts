import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { BACKUP_PASSPHRASE, CREATED_AT, backupWorld } from '../test-support/backup-world.ts'
import { modeOf, testKey } from '../test-support/folder.ts'
import { createBackup } from './create-backup.ts'
import { verifyBackup } from './verify-backup.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

describe('a backup', () => {
  test('is one file for its owner alone, verified, and says what is in it', async () => {
    const { dir, home, file, backUp, store } = await backupWorld(20)
    const summary = await backUp()
    expect(summary).toEqual({ createdAt: CREATED_AT, bytes: statSync(file).size, spaces: 0, messages: 20 })
    expect(modeOf(file)).toBe(0o600)
    expect(readdirSync(dir).sort()).toEqual(['a.spacepanda-backup', 'home'])
    expect(readdirSync(home).sort()).toEqual(['profile.db', 'profile.db-wal'])
    store.close()
  })

  test('holds nothing in the clear', async () => {
    const { file, backUp, store } = await backupWorld(20)
    await backUp()
    for (const secret of ['number 7', 'SQLite format 3', 'CREATE TABLE']) expect(readFileSync(file).includes(secret)).toBe(false)
    expect(readFileSync(file).includes(Buffer.from(testKey().reveal()))).toBe(false)
    store.close()
  })

  test('is opened by the passphrase of its profile, and by no other', async () => {
    const { file, home, backUp, store } = await backupWorld(3)
    await backUp()
    store.close()
    const verify = (passphrase: string | null) => verifyBackup(file, { kind: 'typed', passphrase, recoveryPhrase: null }, home, unwatched)
    expect(await verify(BACKUP_PASSPHRASE)).toMatchObject({ messages: 3 })
    await expect(verify('correct horse batterz')).rejects.toThrow(code('wrong-passphrase'))
    await expect(verify('')).rejects.toThrow(code('wrong-passphrase'))
    await expect(verify(null)).rejects.toThrow(code('passphrase-required'))
    const other = verifyBackup(file, { kind: 'key', key: testKey(8) }, home, unwatched)
    await expect(other).rejects.toThrow(code('passphrase-required'))
  })

  test('has what was there when it began, though messages are written all the while', async () => {
    const { backUp, write, store } = await backupWorld(2000)
    const making = backUp()
    for (let n = 2000; n < 3000; n += 50) {
      write(n + 1, n + 50)
      await turn()
    }
    const { messages } = await making
    expect(messages).toBeLessThan(3000)
    expect(store.counts().messages).toBe(3000)
    store.close()
  })

  test('is opened and counted also where its structure is not looked at', async () => {
    const { file, home, source, store } = await backupWorld(20)
    const told: [number, number | null][] = []
    const target = { file, replace: false, scratch: home, structure: false }
    const work = { ...unwatched, progress: (...how: [number, number | null]) => told.push(how) }
    expect(await createBackup(source, target, work)).toMatchObject({ messages: 20 })
    const [done, total] = told.at(-1) ?? []
    expect(done).toBe(total)
    const lying = { ...source, store: { file: store.file, counts: () => ({ spaces: 0, messages: 21 }) } }
    await expect(createBackup(lying, { ...target, file: `${file}2` }, unwatched)).rejects.toThrow(code('unreadable'))
    expect(existsSync(`${file}2`)).toBe(false)
    store.close()
  })

  test('tells its progress, from nothing to all, never backwards', async () => {
    const { backUp, store } = await backupWorld(1000)
    const told: [number, number | null][] = []
    await backUp({ ...unwatched, progress: (done, total) => told.push([done, total]) })
    const shares = told.map(([done, total]) => done / (total ?? NaN))
    expect(shares.length).toBeGreaterThan(5)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    store.close()
  })

  test.each([0.05, 0.4, 0.7])('cancelled at %d leaves nothing, and the profile goes on', async (when) => {
    const { dir, home, file, backUp, write, store } = await backupWorld(1000)
    const abort = new AbortController()
    const progress = (done: number, total: number | null): void => {
      if (done / (total ?? NaN) >= when) abort.abort()
    }
    await expect(backUp({ signal: abort.signal, progress })).rejects.toThrow(code('cancelled'))
    expect(existsSync(file)).toBe(false)
    expect([readdirSync(dir), readdirSync(home).sort()]).toEqual([['home'], ['profile.db', 'profile.db-wal']])
    write(1001, 1002)
    store.close()
  })

  test('ends in words when the profile is closed meanwhile', async () => {
    const { dir, backUp, store } = await backupWorld(1000)
    await expect(backUp({ ...unwatched, progress: () => store.close() })).rejects.toThrow(code('stopping'))
    expect(readdirSync(dir)).toEqual(['home'])
  })
})

describe('the name of a backup', () => {
  test('is never taken from a file that is there, however late that came', async () => {
    const { dir, file, backUp, store } = await backupWorld(500)
    writeFileSync(file, 'a letter')
    await expect(backUp()).rejects.toThrow(code('conflict'))
    expect(readFileSync(file, 'utf8')).toBe('a letter')
    const late = join(dir, 'late')
    const target = { file: late, replace: false, scratch: dir, structure: true }
    const { source } = await backupWorld(500)
    await expect(createBackup(source, target, { ...unwatched, progress: () => writeFileSync(late, 'a letter') })).rejects.toThrow(
      code('conflict'),
    )
    expect(readFileSync(late, 'utf8')).toBe('a letter')
    expect(readdirSync(dir).sort()).toEqual(['a.spacepanda-backup', 'home', 'late'])
    store.close()
  })

  test('is taken from an older one where that is asked for, and not before the new one is whole', async () => {
    const { file, source, home, store } = await backupWorld(500)
    writeFileSync(file, 'the older one')
    const target = { file, replace: true, scratch: home, structure: true }
    const abort = new AbortController()
    await expect(createBackup(source, target, { signal: abort.signal, progress: () => abort.abort() })).rejects.toThrow(code('cancelled'))
    expect(readFileSync(file, 'utf8')).toBe('the older one')
    expect(await createBackup(source, target, unwatched)).toMatchObject({ messages: 500 })
    expect(statSync(file).size).toBeGreaterThan(10_000)
    store.close()
  })

  test.each([
    ['in a folder that is not there', 'none/a.spacepanda-backup', 'not-found'],
    ['below a file', 'file/a.spacepanda-backup', 'not-found'],
    ['too long', `${'x'.repeat(250)}.spacepanda-backup`, 'invalid'],
  ])('%s is refused in words', async (_, name, expected) => {
    const { dir, source, store } = await backupWorld(1)
    writeFileSync(join(dir, 'file'), '')
    await expect(createBackup(source, { file: join(dir, name), replace: false, scratch: dir, structure: true }, unwatched)).rejects.toThrow(
      code(expected),
    )
    store.close()
  })

  test('is not that of a folder', async () => {
    const { dir, source, store } = await backupWorld(1)
    mkdirSync(join(dir, 'folder'))
    const into = (replace: boolean) =>
      createBackup(source, { file: join(dir, 'folder'), replace, scratch: dir, structure: true }, unwatched)
    await expect(into(false)).rejects.toThrow(code('conflict'))
    await expect(into(true)).rejects.toThrow(code('disk'))
    expect(readdirSync(dir).sort()).toEqual(['folder', 'home'])
    store.close()
  })
})
