/** Argument: profile folder. Opens its store as a program that knows a further step, adds a message, says so, and is killed. */
import { Redacted } from '../../kernel/redacted.ts'
import { addMessage, messageRow } from '../../testing/contracts/store/rows.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'
import { nextSteps } from './next-steps.ts'

const [dir = ''] = process.argv.slice(2)
const store = openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)), steps: nextSteps })
store.transaction((tx) => addMessage(tx, messageRow(31, { text: 'message 31 of the newer one' })))
process.stdout.write('open\n')
setInterval(() => store.counts(), 60_000)
