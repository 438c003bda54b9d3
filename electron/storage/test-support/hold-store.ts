/** Argument: profile folder. Opens its store, says so or why not, and holds it until killed. */
import { toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'

const [dir = ''] = process.argv.slice(2)
try {
  const store = openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) })
  process.stdout.write('open\n')
  setInterval(() => store.settings.get('x'), 1000)
} catch (thrown) {
  process.stdout.write(`refused ${toCodedError(thrown).code}\n`)
}
