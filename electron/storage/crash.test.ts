import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readKeyFile, unlock } from './key-file/key-file.ts'
import { channelId, groupId, memberId, messageId, objectId } from '../testing/contracts/store/rows.ts'
import type { KeyVault } from '../ports/key-vault.ts'
import { openStore } from './open-store.ts'
import { openDatabase } from './sqlite/open-database.ts'
import { testFolder, testKey } from './test-support/folder.ts'
import { runScript } from './test-support/process.ts'

const KILLS = 6
const INTERRUPTED_STARTS = 6

test('nothing that was reported durable is lost when the process is killed while it writes, again and again', async () => {
  const dir = testFolder()
  const file = join(dir, 'profile.db')
  let durable = 0
  for (let round = 0; round < KILLS; round++) {
    const writer = runScript('write-loop.ts', dir, String(durable + 1))
    await writer.line('durable')
    await delay(20 + round * 37)
    await writer.kill()
    const reported = Number(writer.lines.at(-1)?.split(' ')[1])
    expect(reported).toBeGreaterThan(durable)
    durable = check(file, reported)
  }
}, 60_000)

/** Everything up to `reported` is whole, in every table alike. Answers the last number there is: one more at most. */
function check(file: string, reported: number): number {
  const database = openDatabase(file, testKey())
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
  const store = openStore({ file, key: testKey() })
  const stored = store.groups.get(groupId(1))?.sentSeq ?? 0
  expect([reported, reported + 1]).toContain(stored)
  for (let n = 1; n <= stored; n++) {
    if (!store.objects.has(groupId(1), objectId(n)) || store.messages.get(messageId(n))?.seq !== n)
      throw new Error(`number ${n} is not whole`)
  }
  expect(store.deliveries.owedTo(groupId(1), memberId(1), stored + 10)).toHaveLength(stored)
  expect(store.messages.get(messageId(stored + 1))).toBeNull()
  expect(store.messages.page(channelId(1), 1, null).messages[0]?.messageId).toBe(messageId(stored))
  store.close()
  return stored
}

const vault: KeyVault = { safe: true, wrap: (secret) => Promise.resolve(secret), unwrap: (wrapped) => Promise.resolve(wrapped) }

test('a profile whose making was killed at any moment is absent or opens', async () => {
  for (let round = 0; round < INTERRUPTED_STARTS; round++) {
    const dir = join(testFolder(), 'profile')
    const maker = runScript('create-profile.ts', dir)
    await maker.line('starting')
    await delay(round * 7)
    await maker.kill()
    if (readKeyFile(dir) === 'absent') continue
    const store = openStore({ file: join(dir, 'profile.db'), key: await unlock(dir, { passphrase: null, vault }) })
    if (maker.lines.includes('made')) expect(store.settings.get('name')).toEqual(Uint8Array.of(1))
    store.close()
  }
}, 60_000)
