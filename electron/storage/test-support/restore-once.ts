/**
 * Arguments: backup, profile folder, at which call that changes the disk to die (0: never). Restores the backup and kills itself with SIGKILL right before that call, so that every state the disk goes through is seen.
 */
import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const [file = '', dir = '', at = '0'] = process.argv.slice(2)
let calls = 0
const count = (name: string): void => {
  calls += 1
  if (calls !== Number(at)) return
  fs.writeSync(1, `died before ${name}\n`)
  process.kill(process.pid, 'SIGKILL')
}

type Calls = Record<string, (...args: unknown[]) => unknown>
const spy = (module: object, names: readonly string[]): void => {
  const calledBy = module as Calls
  for (const name of names) {
    const real = calledBy[name]
    if (real === undefined) throw new Error(`there is no ${name}`)
    calledBy[name] = (...args) => {
      count(name)
      return real(...args)
    }
  }
}
/** What a kill cannot tell apart, such as a file before and after it was flushed, is not counted. */
const SYNC = ['mkdirSync', 'rmSync', 'linkSync', 'renameSync', 'writeFileSync']
spy(fs, SYNC)
spy(fsPromises, ['open'])
syncBuiltinESMExports()

const { restoreBackup } = await import('../backup/restore-backup.ts')
const { openStore } = await import('../open-store.ts')
const { Redacted } = await import('../../kernel/redacted.ts')
const { unwatched } = await import('../../kernel/work.ts')
await restoreBackup(
  {
    file,
    opener: { kind: 'key', key: new Redacted(new Uint8Array(32).fill(7)) },
    dir,
    openStore: (path, key) => openStore({ file: path, key }),
    prepare: (store) => {
      count('prepare')
      store.transaction((tx) => tx.settings.set('put-back', Uint8Array.of(1)))
      count('prepared')
    },
  },
  unwatched,
)
fs.writeSync(1, `restored after ${calls}\n`)
