/** Arguments: `create`, `verify` or `restore`, a backup, a profile folder. Does it with the key of the tests and says what came of it. */
import { writeSync } from 'node:fs'
import { toCodedError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import { createBackup } from '../backup/create-backup.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { verifyBackup } from '../backup/verify-backup.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { sealWithNewPhrase } from '../key-file/wraps.ts'
import { openStore } from '../open-store.ts'
import { becomeNobodyIfAsked } from './become-nobody.ts'

const [what = '', file = '', dir = ''] = process.argv.slice(2)
becomeNobodyIfAsked()
const key = new Redacted(new Uint8Array(32).fill(7))
const opener = { kind: 'key', key } as const

async function create(): Promise<void> {
  const store = openStore({ file: databasePath(dir), key })
  try {
    const { wrap } = sealWithNewPhrase(key, systemRandom)
    const source = { store, key, wraps: [wrap], createdAt: 0, random: systemRandom }
    await createBackup(source, { file, replace: false, scratch: dir, structure: true }, unwatched)
  } finally {
    store.close()
  }
}

const restore = () =>
  restoreBackup({ file, dir, opener, openStore: (path) => openStore({ file: path, key }), prepare: (store) => store.putBack() }, unwatched)

try {
  if (what === 'create') await create()
  else if (what === 'verify') await verifyBackup(file, opener, dir, unwatched)
  else await restore()
  writeSync(1, 'done\n')
} catch (thrown) {
  const { code, message } = toCodedError(thrown)
  writeSync(1, `refused ${code}: ${message}\n`)
}
