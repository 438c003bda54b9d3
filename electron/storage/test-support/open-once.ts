/** Argument: profile folder. Opens its store and closes it; says that it could or why not. */
import { toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'

const [dir = ''] = process.argv.slice(2)
try {
  openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) }).close()
  process.stdout.write('open\n')
} catch (thrown) {
  process.stdout.write(`refused ${toCodedError(thrown).code}\n`)
}
