/** Argument: a lock file. Holds it until killed; says so or why not. */
import { toCodedError } from '../../kernel/errors.ts'
import { holdLockFile } from '../sqlite/lock-file.ts'

const [file = ''] = process.argv.slice(2)
try {
  holdLockFile(file, 'busy')
  process.stdout.write('held\n')
  setInterval(() => undefined, 1000)
} catch (thrown) {
  process.stdout.write(`refused ${toCodedError(thrown).code}\n`)
}
