/**
 * Arguments: profile folder, first number. Writes object, message and delivery number n in one transaction after another,
 * and says so on standard output once it is durable, until it is killed.
 */
import { writeSync } from 'node:fs'
import { groupId, groupRow, memberId, messageRow, objectId, objectRow } from '../../testing/contracts/store/rows.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'

const [dir = '', first = '1'] = process.argv.slice(2)
const store = openStore({ file: databasePath(dir), key: new Redacted(new Uint8Array(32).fill(7)) })
store.transaction((tx) => tx.groups.put(groupRow()))
writeSync(1, 'open\n')
for (let n = Number(first); ; n++) {
  store.transaction((tx) => {
    tx.objects.put(objectRow(n))
    tx.deliveries.owe(objectId(n), groupId(1), [memberId(1), memberId(2)])
    tx.messages.add(messageRow(n, { text: `number ${n} `.repeat(20) }))
    tx.groups.put(groupRow({ sentSeq: n, sentObject: objectId(n) }))
    if (n % 50 === 0) tx.objects.prune(1000 + n - 50, 0)
  })
  writeSync(1, `durable ${n}\n`)
}
