import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { KeyVault } from '../../ports/key-vault.ts'
import { createKeyFile } from '../../storage/key-file/key-file.ts'
import { keyFileCopyPath, keyFilePath } from '../../storage/key-file/profile-folder.ts'
import { personalOpeners } from './closed-profile.ts'
import { controlPath } from '../control/control-path.ts'

const vault: KeyVault = { safe: true, wrap: async (secret) => secret.slice(), unwrap: async (wrapped) => wrapped.slice() }
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'closed-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

it('a passphrase is asked of the person', async () => {
  await createKeyFile(dir, { passphrase: 'correct horse battery', vault: null }, { workMs: 1 })
  expect(await personalOpeners(dir)).toEqual({ passphrase: true, recovery: false })
})

it('of one that another SpacePanda has open nothing is said: nobody need type anything', async () => {
  await createKeyFile(dir, { passphrase: 'correct horse battery', vault: null }, { workMs: 1 })
  const server = createServer().listen(controlPath(dir))
  await once(server, 'listening')
  expect(await personalOpeners(dir)).toBeNull()
  server.close()
  await once(server, 'close')
  expect(await personalOpeners(dir)).toEqual({ passphrase: true, recovery: false })
})

it('of a profile that the keyring opens, of none, and of a damaged one nothing is said', async () => {
  expect(await personalOpeners(dir)).toBeNull()
  await createKeyFile(dir, { passphrase: null, vault })
  expect(await personalOpeners(dir)).toBeNull()
  for (const file of [keyFilePath(dir), keyFileCopyPath(dir)]) await writeFile(file, 'damaged')
  expect(await personalOpeners(dir)).toBeNull()
})
