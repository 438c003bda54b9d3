/** Argument: profile folder, which this process may read and not write. Opens its store and says what comes of it. */
import { toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'
import { becomeNobodyIfAsked } from './become-nobody.ts'

const [dir = ''] = process.argv.slice(2)
becomeNobodyIfAsked()
try {
  openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) }).close()
  process.stdout.write('opened\n')
} catch (thrown) {
  process.stdout.write(`refused ${toCodedError(thrown).code}\n`)
}
