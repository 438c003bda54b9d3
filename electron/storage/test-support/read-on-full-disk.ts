/**
 * Argument: profile folder. Opens it, reads, tries to write, reads every page as a backup does, closes, and says what came of each.
 * To be run where no file can be written.
 */
import { writeSync } from 'node:fs'
import { toCodedError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import { addMessage, channelId, messageRow } from '../../testing/contracts/store/rows.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'

const say = (line: string): void => void writeSync(1, `${line}\n`)
const [dir = ''] = process.argv.slice(2)
try {
  const store = openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) })
  say(`reads ${store.messages.page(channelId(1), 100_000, null).messages.length}`)
  const write = (n: number): string => {
    try {
      store.transaction((tx) => addMessage(tx, messageRow(n)))
      return 'written'
    } catch (thrown) {
      return `refused ${toCodedError(thrown).code}: ${toCodedError(thrown).message}`
    }
  }
  say(write(10_001))
  let bytes = 0
  await store.file.holdStill(async (still) => {
    for await (const chunk of still.chunks(unwatched)) bytes += chunk.length
  })
  say(`copied ${bytes === store.file.size()}`)
  say(write(10_002))
  store.close()
  say('closed')
} catch (thrown) {
  const { code, message } = toCodedError(thrown)
  say(`failed ${code}: ${message}`)
}
