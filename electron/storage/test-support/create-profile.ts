/** Argument: profile folder. Makes a profile in it, key file and database, and ends. */
import type { KeyVault } from '../../ports/key-vault.ts'
import { createKeyFile } from '../key-file/key-file.ts'
import { databasePath } from '../key-file/profile-folder.ts'
import { openStore } from '../open-store.ts'

const [dir = ''] = process.argv.slice(2)
const vault: KeyVault = { safe: true, wrap: (secret) => Promise.resolve(secret), unwrap: (wrapped) => Promise.resolve(wrapped) }
process.stdout.write('starting\n')
const store = openStore({ file: databasePath(dir), key: await createKeyFile(dir, { passphrase: null, vault }) })
store.transaction((tx) => tx.settings.set('name', Uint8Array.of(1)))
process.stdout.write('made\n')
store.close()
