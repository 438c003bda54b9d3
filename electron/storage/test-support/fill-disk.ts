/**
 * Argument: profile folder. Writes messages until the disk takes no more, tells the error, checks that reading goes on and that a
 * snapshot ends in words, and closes. To be run with a limit on the size of files.
 */
import { writeSync } from 'node:fs'
import { toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import { addMessage, channelId, messageRow } from '../../testing/contracts/store/rows.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'
import { takeSnapshot } from '../snapshots/snapshots.ts'

const say = (line: string): void => void writeSync(1, `${line}\n`)
const [dir = '', first = '1'] = process.argv.slice(2)
const store = openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) })
let written = Number(first) - 1
try {
  for (;;) {
    const n = written + 1
    store.transaction((tx) => addMessage(tx, messageRow(n, { text: `message ${n} ${'y'.repeat(3000)}` })))
    written = n
  }
} catch (thrown) {
  say(`refused ${toCodedError(thrown).code} after ${written}`)
}
say(`reads ${store.messages.page(channelId(1), 100_000, null).messages.length}`)
await takeSnapshot(store.file, 1000, unwatched).then(
  () => say('snapshot made'),
  (thrown: unknown) => say(`snapshot ${toCodedError(thrown).code}`),
)
try {
  store.close()
} catch (thrown) {
  say(`close ${toCodedError(thrown).code}`)
}
say('ended')
