/** Arguments: profile folder, step. Repairs its database and is killed when the repair has come to that step. */
import { writeSync } from 'node:fs'
import { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { repairDatabase } from '../repair/repair-database.ts'

const [dir = '', last = ''] = process.argv.slice(2)
const reached = (step: string): void => {
  if (step !== last) return
  writeSync(1, `reached ${step}\n`)
  process.kill(process.pid, 'SIGKILL')
}
await repairDatabase({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)), reached }, unwatched)
