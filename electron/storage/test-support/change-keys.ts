/**
 * Arguments: profile folder, what to change ('phrase' or 'passphrase'), first number. Changes what opens the folder's key to
 * number n, then to n + 1 and so on, and says so on standard output once each is durable, until it is killed.
 */
import { writeSync } from 'node:fs'
import { Redacted } from '../../kernel/redacted.ts'
import { changePassphrase, makeRecoveryPhrase } from '../key-file/change-key-file.ts'
import { numberedPassphrase, numberedRandom } from './numbered-secrets.ts'

const [dir = '', what = '', first = '1'] = process.argv.slice(2)
const key = new Redacted(new Uint8Array(32).fill(7))
writeSync(1, 'changing\n')
for (let n = Number(first); ; n++) {
  if (what === 'phrase') makeRecoveryPhrase(dir, key, numberedRandom(n))
  else await changePassphrase(dir, key, { next: numberedPassphrase(n), vault: null, workMs: 0 })
  writeSync(1, `durable ${n}\n`)
}
