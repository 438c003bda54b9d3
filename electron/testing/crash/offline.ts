import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { openVault } from './open-vault.ts'

export interface Offline {
  /** What SQLite's own checks complain about. */
  damage: string[]
  texts: string[]
  /** Epoch ids the groups are in. */
  tips: string[]
}

/** Reads the database of a profile whose process is dead, past all code of ours; a copy of it, so that the next start finds what death left. */
export async function readOffline(dataDir: string): Promise<Offline> {
  const key = await unlock(dataDir, { passphrase: null, vault: openVault })
  const folder = mkdtempSync(join(tmpdir(), 'spacepanda-offline-'))
  const file = join(folder, 'profile.db')
  for (const end of ['', '-wal']) if (existsSync(databasePath(dataDir) + end)) copyFileSync(databasePath(dataDir) + end, file + end)
  const database = openDatabase(file, key)
  try {
    const integrity = String(database.pragma('integrity_check', { simple: true }))
    const dangling = database.pragma('foreign_key_check')
    const texts = database.prepare('SELECT text FROM messages ORDER BY id').pluck().all().map(String)
    const tips = database.prepare('SELECT hex(tip) FROM groups ORDER BY group_id').pluck().all().map(String)
    return { damage: [...(integrity === 'ok' ? [] : [integrity]), ...(Array.isArray(dangling) ? dangling : []).map(String)], texts, tips }
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
