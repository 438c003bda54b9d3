import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { Redacted } from '../kernel/redacted.ts'
import { storeContract } from '../testing/contracts/store-contract.ts'
import { openStore } from './open-store.ts'

const root = mkdtempSync(join(tmpdir(), 'spacepanda-store-'))
afterAll(() => rmSync(root, { recursive: true }))

let opened = 0
storeContract('encrypted SQLite', () => openStore({ file: join(root, `${++opened}.db`), key: new Redacted(new Uint8Array(32).fill(7)) }))
