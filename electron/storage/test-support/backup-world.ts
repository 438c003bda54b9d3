/** A small profile with a passphrase, and a backup of it, for tests. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemRandom } from '../../kernel/random.ts'
import { type Work, unwatched } from '../../kernel/work.ts'
import { addMessage, messageRow } from '../../testing/contracts/store/rows.ts'
import { type BackupSource, createBackup } from '../backup/create-backup.ts'
import type { PortableWrap } from '../backup/portable-wraps.ts'
import { sealWithPassphrase } from '../key-file/wraps.ts'
import { type OpenStore, openStore } from '../open-store.ts'
import { testFolder, testKey } from './folder.ts'

export const BACKUP_PASSPHRASE = 'correct horse battery'
export const CREATED_AT = Date.UTC(2026, 10, 23)

let sealed: Promise<PortableWrap[]> | null = null

/** Deriving a key takes a while, so it is done once. */
export const testWraps = (): Promise<PortableWrap[]> => {
  sealed ??= sealWithPassphrase(testKey(), BACKUP_PASSPHRASE, { random: systemRandom, workMs: 0 }).then((wrap) => [wrap])
  return sealed
}

export interface BackupWorld {
  dir: string
  /** Where the profile is. */
  home: string
  /** Where a backup may be written. */
  file: string
  store: OpenStore
  source: BackupSource
  backUp(work?: Work): ReturnType<typeof createBackup>
  write(from: number, to: number): void
}

/** `key` is a number, see `testKey`. */
export async function backupWorld(messages = 20, key = 7): Promise<BackupWorld> {
  const dir = testFolder()
  const home = join(dir, 'home')
  mkdirSync(home)
  const store = openStore({ file: join(home, 'profile.db'), key: testKey(key) })
  const write = (from: number, to: number): void =>
    store.transaction((tx) => {
      for (let n = from; n <= to; n++) addMessage(tx, messageRow(n, { text: `number ${n} `.repeat(20) }))
    })
  if (messages > 0) write(1, messages)
  const file = join(dir, 'a.spacepanda-backup')
  const source: BackupSource = { store, key: testKey(key), wraps: await testWraps(), createdAt: CREATED_AT, random: systemRandom }
  const backUp = (work: Work = unwatched): ReturnType<typeof createBackup> =>
    createBackup(source, { file, replace: false, scratch: home, structure: true }, work)
  return { dir, home, file, store, source, backUp, write }
}
