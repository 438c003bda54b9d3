/** Argument: profile folder. Opens its store with a further step that changes every message over and over, says when it is at it, and is killed. */
import { writeSync } from 'node:fs'
import { Redacted } from '../../kernel/redacted.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { migrations } from '../migrations/migrations.ts'
import { openStore } from '../open-store.ts'

const [dir = ''] = process.argv.slice(2)
const endless = {
  version: migrations.length + 1,
  up: (database: { exec(sql: string): unknown }): void => {
    // So that much of it is in the log before it is committed.
    database.exec('PRAGMA cache_size = 10')
    database.exec('ALTER TABLE messages ADD COLUMN more TEXT; DELETE FROM channel_marks')
    for (let round = 0; ; round++) {
      database.exec(`UPDATE messages SET more = hex(randomblob(200)), text = 'gone'`)
      writeSync(1, `round ${round}\n`)
    }
  },
}
openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)), steps: [...migrations, endless] })
