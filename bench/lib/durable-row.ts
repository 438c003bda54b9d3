import { mkdir } from 'node:fs/promises'
import type { Store } from '../../electron/ports/store.ts'
import { createKeyFile } from '../../electron/storage/key-file/key-file.ts'
import { databasePath } from '../../electron/storage/key-file/profile-folder.ts'
import { openStore } from '../../electron/storage/open-store.ts'
import { openVault } from './real-node.ts'

/** The real database: encrypted SQLite, `synchronous=FULL`. */
export async function newStore(dataDir: string): Promise<Store> {
  await mkdir(dataDir, { recursive: true })
  return openStore({ file: databasePath(dataDir), key: await createKeyFile(dataDir, { passphrase: null, vault: openVault }) })
}

/** Milliseconds that each of `count` transactions of one row of `bytes` took: the least that this disk makes durable. */
export function durableRows(store: Store, bytes: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => {
    const value = new Uint8Array(bytes).fill(n)
    const started = performance.now()
    store.transaction((tx) => tx.settings.set('bench', value))
    return performance.now() - started
  })
}
