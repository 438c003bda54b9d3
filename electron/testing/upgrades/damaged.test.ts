import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fromVersion1 } from '../../crypto/mls/index.ts'
import { unwatched } from '../../kernel/work.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { openStore } from '../../storage/open-store.ts'
import { repairDatabase } from '../../storage/repair/repair-database.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import { flipPages } from '../../storage/test-support/damage.ts'
import { PASSPHRASE } from '../story/test-node.ts'
import { tempDir } from '../temp-dir.ts'

let folder: ReturnType<typeof tempDir>
beforeEach(() => {
  folder = tempDir()
})
afterEach(() => folder.remove())

it.each([
  [1, 'epoch_moving_parts', 'epochs'],
  [1, 'epoch_fixed_parts', 'epochs'],
  [4, 'mls_key_schedules', 'mls_epochs'],
])(
  'of a profile of schema %i whose keys are damaged (%s) and of which there is no snapshot all that was said can be read again',
  async (schema, table) => {
    cpSync(join(import.meta.dirname, 'fixtures', `schema-${schema}`, 'alice'), folder.dir, { recursive: true })
    const file = join(folder.dir, 'profile.db')
    const key = await unlock(folder.dir, { passphrase: PASSPHRASE, vault: null })
    const database = openDatabase(file, key)
    const messages = database.prepare('SELECT count(*) FROM messages').pluck().get()
    const pages = database.prepare('SELECT pageno FROM dbstat WHERE name = ?').pluck().all(table) as number[]
    database.close()
    flipPages(file, pages)
    expect(await repairDatabase({ file, key, convert: fromVersion1 }, unwatched)).toMatchObject({ kind: 'rebuilt-with-losses' })
    const store = openStore({ file, key, convert: fromVersion1 })
    expect(store.counts()).toMatchObject({ messages })
    expect(store.groups.list().map(({ returning }) => returning)).toEqual([true])
    store.close()
  },
)
