import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { type Work, unwatched } from '../../kernel/work.ts'
import { channelId } from '../../testing/contracts/store/rows.ts'
import { readHeader } from '../key-file/header-pair.ts'
import { openWithPassphrase } from '../key-file/wraps.ts'
import { type OpenStore, openStore } from '../open-store.ts'
import { holdLockFile } from '../sqlite/lock-file.ts'
import { BACKUP_PASSPHRASE, backupWorld } from '../test-support/backup-world.ts'
import { modeOf, snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { restoreBackup } from './restore-backup.ts'
import { finishRestore, lockPath } from './staging.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const notPrepared = (): never => expect.unreachable('nothing may be prepared')
/** Refused by the one that goes on, or by the profile that it has made already. */
const isLate = (thrown: unknown): boolean => thrown instanceof AppError && ['in-use', 'profile-exists'].includes(thrown.code)
const mark = (store: OpenStore): void => store.transaction((tx) => tx.settings.set('put-back', Uint8Array.of(1)))

/** A backup of 30 messages, and an empty place. */
async function backedUp() {
  const { file, backUp, store } = await backupWorld(30)
  await backUp()
  store.close()
  return { file, dir: join(testFolder(), 'new') }
}

const restoreWith = (file: string, dir: string, prepare: (store: OpenStore) => void = mark, work: Work = unwatched) =>
  restoreBackup(
    { file, opener: { kind: 'key', key: testKey() }, dir, openStore: (path, key) => openStore({ file: path, key }), prepare },
    work,
  )

const messagesIn = (dir: string): number => {
  const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
  try {
    expect(store.settings.get('put-back')).toEqual(Uint8Array.of(1))
    return store.messages.page(channelId(1), 100, null).messages.length
  } finally {
    store.close()
  }
}

describe('a restored profile', () => {
  test('has the database, and the passphrase of the backup opens it', async () => {
    const { file, dir } = await backedUp()
    expect(await restoreWith(file, dir)).toMatchObject({ messages: 30 })
    expect(readdirSync(dir).sort()).toEqual(['profile.db', 'profile.json'])
    expect([modeOf(dir), modeOf(join(dir, 'profile.db')), modeOf(join(dir, 'profile.json'))]).toEqual([0o700, 0o600, 0o600])
    expect(messagesIn(dir)).toBe(30)
    const reading = readHeader(dir)
    if (reading.kind !== 'present') throw new Error('there is a key file')
    expect(reading.header.database).toBe('made')
    const [wrap] = reading.header.wraps
    if (wrap?.kind !== 'passphrase') throw new Error('a passphrase opens it')
    expect(toHex((await openWithPassphrase(wrap, BACKUP_PASSPHRASE)).reveal())).toBe(toHex(testKey().reveal()))
  })

  test('was prepared before it had its name', async () => {
    const { file, dir } = await backedUp()
    let seen: string[] = []
    await restoreWith(file, dir, (store) => {
      mark(store)
      seen = readdirSync(dir)
    })
    expect(seen).not.toContain('profile.db')
    expect(seen).not.toContain('profile.json')
    expect(messagesIn(dir)).toBe(30)
  })

  test('is put into a folder that is there and holds other things, which stay', async () => {
    const { file, dir } = await backedUp()
    mkdirSync(dir, { mode: 0o755 })
    writeFileSync(join(dir, 'notes.txt'), 'mine')
    await restoreWith(file, dir)
    expect(readFileSync(join(dir, 'notes.txt'), 'utf8')).toBe('mine')
    expect(modeOf(dir)).toBe(0o755)
  })
})

describe('a restore', () => {
  test.each(['profile.json', 'profile.json.copy', 'profile.db', 'profile.db-wal'])(
    'is refused where there is a %s, which stays',
    async (name) => {
      const { file, dir } = await backedUp()
      mkdirSync(dir)
      writeFileSync(join(dir, name), 'x'.repeat(600))
      const before = snapshot(dir)
      await expect(restoreWith(file, dir, notPrepared)).rejects.toThrow(code('profile-exists'))
      expect(snapshot(dir)).toEqual(before)
    },
  )

  test.each([0.1, 0.9])('cancelled at %d leaves nothing at all', async (when) => {
    const { file, dir } = await backedUp()
    const abort = new AbortController()
    const progress = (done: number, total: number | null): void => {
      if (done / (total ?? NaN) >= when) abort.abort()
    }
    await expect(restoreWith(file, dir, mark, { signal: abort.signal, progress })).rejects.toThrow(code('cancelled'))
    expect(readdirSync(join(dir, '..'))).toEqual([])
    await restoreWith(file, dir)
    expect(messagesIn(dir)).toBe(30)
  })

  test('that fails while it prepares leaves nothing at all', async () => {
    const { file, dir } = await backedUp()
    const failing = () => {
      throw new Error('no')
    }
    await expect(restoreWith(file, dir, failing)).rejects.toThrow('no')
    expect(readdirSync(join(dir, '..'))).toEqual([])
  })

  test('waits for nobody: another at the same time is refused, whichever comes second, and the first is not harmed', async () => {
    const { file, dir } = await backedUp()
    let prepared = 0
    const counting = (store: OpenStore): void => {
      prepared += 1
      mark(store)
    }
    const both = await Promise.allSettled([restoreWith(file, dir, counting), restoreWith(file, dir, counting)])
    const refused = both.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused.map(isLate)).toEqual([true])
    expect(prepared).toBe(1)
    expect(messagesIn(dir)).toBe(30)
  })

  test('is refused while another goes on, and leaves that alone', async () => {
    const { file, dir } = await backedUp()
    mkdirSync(dir)
    const unlock = holdLockFile(lockPath(dir), 'held')
    await expect(restoreWith(file, dir, notPrepared)).rejects.toThrow(code('in-use'))
    unlock()
    await restoreWith(file, dir)
    expect(messagesIn(dir)).toBe(30)
  })

  test('does not take the place of a profile that is made meanwhile', async () => {
    const { file, dir } = await backedUp()
    const making = (store: OpenStore): void => {
      mark(store)
      for (const name of ['profile.json', 'profile.db']) writeFileSync(join(dir, name), 'somebody else')
    }
    await expect(restoreWith(file, dir, making)).rejects.toThrow(code('profile-exists'))
    expect(readFileSync(join(dir, 'profile.db'), 'utf8')).toBe('somebody else')
    expect(readFileSync(join(dir, 'profile.json'), 'utf8')).toBe('somebody else')
    expect(readdirSync(dir).sort()).toEqual(['profile.db', 'profile.json'])
  })
})

test('finishing finds nothing to finish where nothing waits', () => {
  const dir = testFolder()
  finishRestore(dir)
  finishRestore(join(dir, 'none'))
  mkdirSync(join(dir, 'restoring'))
  writeFileSync(join(dir, 'restoring', 'profile.db'), 'half')
  writeFileSync(join(dir, 'restoring', 'profile.json'), '{"format":')
  finishRestore(dir)
  expect(readdirSync(dir)).toEqual(['restoring'])
})

test('finishing removes what was left beside a profile', () => {
  const dir = testFolder()
  mkdirSync(join(dir, 'restoring'))
  for (const name of ['restoring.lock', 'restoring/profile.db', 'profile.json', 'profile.db']) writeFileSync(join(dir, name), 'x')
  finishRestore(dir)
  expect(readdirSync(dir).sort()).toEqual(['profile.db', 'profile.json'])
})
