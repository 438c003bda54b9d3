import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { openStore } from '../open-store.ts'
import { filesHolding, snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { numberedPassphrase, numberedPhrase } from '../test-support/numbered-secrets.ts'
import { runScript } from '../test-support/process.ts'
import { changePassphrase as change, checkPassphrase, makeRecoveryPhrase, mendKeyFile, removeRecoveryPhrase } from './change-key-file.ts'
import type { Wrap } from './header.ts'
import { readPair, writePair } from './header-pair.ts'
import { createKeyFile as create, readKeyFile, requireHeader, unlock } from './key-file.ts'
import { databasePath, keyFileCopyPath, keyFilePath } from './profile-folder.ts'
import { keyIdOf, sealWithKeyring } from './wraps.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

const keyring = (user = 0xff): KeyVault => ({
  safe: true,
  wrap: (secret) => Promise.resolve(secret.map((byte) => byte ^ user)),
  unwrap: (wrapped) => Promise.resolve(wrapped.map((byte) => byte ^ user)),
})
const byKeyring = { passphrase: null, vault: keyring() }
const OLD = 'correct horse'
const NEW = 'battery staple'

/** What the first version wrote for the passphrase "correct horse" and `testKey()`. */
const FIRST_PASSPHRASE_WRAP = {
  kind: 'passphrase',
  kdf: { name: 'argon2id', memoryKiB: 65_536, iterations: 3, parallelism: 1, salt: 'cafe7ab4d3dd373803b56300023b1a17' },
  nonce: 'b449bdd6c314ee5c64f7a9f0',
  sealed: 'ca8b6e97106d887d11de6e33a0ee392f8603f261ae7ddea6047f2388c72d900f3a9a2b94fb15aad33ce1f6dfb004d401',
}

const writeKeyFile = (dir: string, key: Redacted<Uint8Array>, wraps: Wrap[]): void =>
  writePair(dir, { generation: 1, keyId: keyIdOf(key), database: 'made', wraps })
const readWraps = (dir: string): Wrap[] => requireHeader(dir).wraps

/** A folder whose key is wrapped by the keyring alone: quick to make. */
async function keyringFolder() {
  const dir = testFolder()
  const key = testKey()
  writeKeyFile(dir, key, [await sealWithKeyring(key, keyring())])
  return { dir, key }
}

/** At the least cost there is. */
const changePassphrase = (dir: string, key: Redacted<Uint8Array>, next: string | null, vault: KeyVault | null = null) =>
  change(dir, key, { next, vault, workMs: 0 })

const opensBy = async (dir: string, openers: { passphrase?: string; recoveryPhrase?: string; vault?: KeyVault }): Promise<string> => {
  try {
    const key = await unlock(dir, { passphrase: null, vault: null, ...openers })
    return toHex(key.reveal()) === toHex(testKey().reveal()) ? 'opens' : 'another key'
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code
    throw thrown
  }
}

describe('changing the passphrase', () => {
  test('lets the new one in and the old one no more, neither from the file nor from its copy', async () => {
    const { dir, key } = await keyringFolder()
    await changePassphrase(dir, key, OLD)
    expect(readKeyFile(dir)).toEqual({ passphrase: true, recovery: false, keyring: false })
    await changePassphrase(dir, key, NEW)
    rmSync(keyFilePath(dir))
    expect([await opensBy(dir, { passphrase: NEW }), await opensBy(dir, { passphrase: OLD })]).toEqual(['opens', 'wrong-passphrase'])
    copyFileSync(keyFileCopyPath(dir), keyFilePath(dir))
    rmSync(keyFileCopyPath(dir))
    expect([await opensBy(dir, { passphrase: NEW }), await opensBy(dir, { passphrase: OLD })]).toEqual(['opens', 'wrong-passphrase'])
    expect(readdirSync(dir)).toEqual(['profile.json'])
  })

  test('takes the keyring out, so that it is asked for, and back in, where it is safe', async () => {
    const { dir, key } = await keyringFolder()
    await changePassphrase(dir, key, OLD, keyring())
    expect(await opensBy(dir, { vault: keyring() })).toBe('passphrase-required')
    await changePassphrase(dir, key, null, keyring())
    expect(readKeyFile(dir)).toEqual({ passphrase: false, recovery: false, keyring: true })
    expect(await opensBy(dir, { vault: keyring() })).toBe('opens')
    expect(filesHolding(dir, utf8('passphrase'))).toEqual([])
  })

  test.each<[string, KeyVault | null, string]>([
    ['none', null, 'passphrase-required'],
    ['one that protects nothing', { ...keyring(), safe: false }, 'passphrase-required'],
    ['one that is locked', { ...keyring(), wrap: () => Promise.reject(new AppError('unreadable', 'locked')) }, 'unreadable'],
    ['one that gives back something else', { ...keyring(), unwrap: () => Promise.resolve(new Uint8Array(32)) }, 'unreadable'],
    ['one that gives back nothing', { ...keyring(), unwrap: () => Promise.reject(new Error('no')) }, 'unreadable'],
  ])('to none is refused where the keyring is %s, and changes nothing', async (_what, vault, expected) => {
    const { dir, key } = await keyringFolder()
    await changePassphrase(dir, key, OLD)
    const before = snapshot(dir)
    await expect(changePassphrase(dir, key, null, vault)).rejects.toEqual(code(expected))
    await expect(changePassphrase(dir, key, '', keyring())).rejects.toEqual(code('passphrase-required'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('keeps the recovery phrase', async () => {
    const { dir, key } = await keyringFolder()
    const recoveryPhrase = makeRecoveryPhrase(dir, key)
    await changePassphrase(dir, key, OLD)
    await changePassphrase(dir, key, NEW)
    expect(await opensBy(dir, { recoveryPhrase })).toBe('opens')
    expect(readKeyFile(dir)).toEqual({ passphrase: true, recovery: true, keyring: false })
  })

  test('knows the present one from another', async () => {
    const { dir, key } = await keyringFolder()
    await checkPassphrase(dir, null)
    await checkPassphrase(dir, 'anything')
    await changePassphrase(dir, key, OLD)
    await checkPassphrase(dir, OLD)
    await expect(checkPassphrase(dir, NEW)).rejects.toEqual(code('wrong-passphrase'))
    await expect(checkPassphrase(dir, '')).rejects.toEqual(code('wrong-passphrase'))
    await expect(checkPassphrase(dir, null)).rejects.toEqual(code('passphrase-required'))
  })

  test('over the key file of another profile is refused', async () => {
    const { dir } = await keyringFolder()
    const before = snapshot(dir)
    await expect(changePassphrase(dir, testKey(8), NEW)).rejects.toEqual(code('unreadable'))
    expect(() => makeRecoveryPhrase(dir, testKey(8))).toThrow(code('unreadable'))
    expect(() => mendKeyFile(dir, testKey(8))).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('goes on from the copy where the file is damaged', async () => {
    const { dir, key } = await keyringFolder()
    writeFileSync(keyFilePath(dir), 'x')
    await changePassphrase(dir, key, NEW)
    expect(await opensBy(dir, { passphrase: NEW })).toBe('opens')
    expect(readPair(dir).file).toEqual(readPair(dir).copy)
  })
})

describe('a recovery phrase', () => {
  test('opens without keyring and without passphrase, until it is removed', async () => {
    const { dir, key } = await keyringFolder()
    const recoveryPhrase = makeRecoveryPhrase(dir, key)
    expect(await opensBy(dir, { recoveryPhrase })).toBe('opens')
    expect(await opensBy(dir, { recoveryPhrase: recoveryPhrase.toUpperCase().replaceAll(' ', '\n') })).toBe('opens')
    removeRecoveryPhrase(dir, key)
    expect(await opensBy(dir, { recoveryPhrase })).toBe('wrong-recovery-phrase')
    expect(await opensBy(dir, { vault: keyring() })).toBe('opens')
    const before = snapshot(dir)
    removeRecoveryPhrase(dir, key)
    expect(snapshot(dir)).toEqual(before)
  })

  test('that is new takes the place of the old one', async () => {
    const { dir, key } = await keyringFolder()
    const [old, recent] = [makeRecoveryPhrase(dir, key), makeRecoveryPhrase(dir, key)]
    expect([await opensBy(dir, { recoveryPhrase: old }), await opensBy(dir, { recoveryPhrase: recent })]).toEqual([
      'wrong-recovery-phrase',
      'opens',
    ])
  })

  test('that is whole but another one is told from one that is mistyped', async () => {
    const { dir, key } = await keyringFolder()
    makeRecoveryPhrase(dir, key)
    const open = (recoveryPhrase: string) => unlock(dir, { passphrase: null, vault: keyring(), recoveryPhrase })
    await expect(open(numberedPhrase(1))).rejects.toThrow(/whole recovery phrase, but not the one/)
    await expect(open(numberedPhrase(1).split(' ').slice(1).join(' '))).rejects.toThrow(/has 24 words/)
  })

  test('that is all there is cannot be removed, and asks for itself', async () => {
    const { dir, key } = await keyringFolder()
    makeRecoveryPhrase(dir, key)
    const byPhrase = readWraps(dir).filter((wrap) => wrap.kind === 'recovery')
    const restored = testFolder()
    writeKeyFile(restored, key, byPhrase)
    expect(readKeyFile(restored)).toEqual({ passphrase: false, recovery: true, keyring: false })
    await expect(unlock(restored, byKeyring)).rejects.toThrow(/recovery phrase/)
    expect(() => removeRecoveryPhrase(restored, key)).toThrow(code('not-permitted'))
  })
})

describe('wraps', () => {
  test('are the same in another folder, and open there', async () => {
    const { dir, key } = await keyringFolder()
    await changePassphrase(dir, key, OLD)
    const recoveryPhrase = makeRecoveryPhrase(dir, key)
    const wraps = readWraps(dir)
    const restored = testFolder()
    writeKeyFile(restored, key, wraps)
    expect(readWraps(restored)).toEqual(wraps)
    expect([await opensBy(restored, { passphrase: OLD }), await opensBy(restored, { recoveryPhrase })]).toEqual(['opens', 'opens'])
  })
})

describe('a key file of the first format', () => {
  const first = (wraps: unknown[], database = 'made'): string => {
    const body = [1, database, wraps]
    const check = createHash('sha256').update(JSON.stringify(body)).digest('hex')
    return JSON.stringify({ format: 1, database, wraps, check })
  }

  test('is read, and becomes the second with a copy when it is mended', async () => {
    const dir = testFolder()
    writeFileSync(
      keyFilePath(dir),
      first([
        {
          kind: 'keyring',
          sealed: toHex(
            testKey()
              .reveal()
              .map((byte) => byte ^ 0xff),
          ),
        },
      ]),
    )
    expect(await opensBy(dir, { vault: keyring() })).toBe('opens')
    expect(existsSync(keyFileCopyPath(dir))).toBe(false)
    expect(mendKeyFile(dir, testKey())).toBe(true)
    expect(JSON.parse(readFileSync(keyFilePath(dir), 'utf8'))).toMatchObject({ format: 2, generation: 1, database: 'made' })
    expect(readPair(dir).copy).toEqual(readPair(dir).file)
    expect(await opensBy(dir, { vault: keyring() })).toBe('opens')
  })

  test('by a passphrase, as the first version wrote it, still opens', async () => {
    const dir = testFolder()
    writeFileSync(keyFilePath(dir), first([FIRST_PASSPHRASE_WRAP]))
    expect(await opensBy(dir, { passphrase: OLD })).toBe('opens')
    mendKeyFile(dir, testKey())
    expect([await opensBy(dir, { passphrase: OLD }), await opensBy(dir, { passphrase: NEW })]).toEqual(['opens', 'wrong-passphrase'])
  })
})

describe('the copy', () => {
  test('appears with the database', async () => {
    const dir = join(testFolder(), 'profile')
    const key = await create(dir, byKeyring)
    expect(readdirSync(dir)).toEqual(['profile.json'])
    openStore({ file: databasePath(dir), key }).close()
    expect(readFileSync(keyFileCopyPath(dir))).toEqual(readFileSync(keyFilePath(dir)))
  })

  test.each(['damaged', 'gone'])('opens the profile when the key file is %s, and no new one is made over it', async (what) => {
    const dir = join(testFolder(), 'profile')
    const key = await create(dir, byKeyring)
    openStore({ file: databasePath(dir), key }).close()
    if (what === 'gone') rmSync(keyFilePath(dir))
    else writeFileSync(keyFilePath(dir), 'x')
    const before = snapshot(dir)
    expect(readKeyFile(dir)).toEqual({ passphrase: false, recovery: false, keyring: true })
    await expect(create(dir, byKeyring)).rejects.toEqual(code('profile-exists'))
    const again = await unlock(dir, byKeyring)
    expect(snapshot(dir)).toEqual(before)
    openStore({ file: databasePath(dir), key: again }).close()
    expect(mendKeyFile(dir, again)).toBe(true)
    expect(readFileSync(keyFileCopyPath(dir))).toEqual(readFileSync(keyFilePath(dir)))
  })
})

describe('killed while it changes', () => {
  /** Which of the numbered secrets opens the folder. */
  const open = async (dir: string, what: string, candidates: number[]): Promise<number[]> => {
    const opening = await Promise.all(
      candidates.map((n) =>
        opensBy(dir, what === 'phrase' ? { recoveryPhrase: numberedPhrase(n) } : { passphrase: numberedPassphrase(n) }),
      ),
    )
    return candidates.filter((_, index) => opening[index] === 'opens')
  }

  test.each([
    ['phrase', 12],
    ['passphrase', 3],
  ])(
    'again and again, the last %s or the next one opens it, and never neither',
    async (what, rounds) => {
      const { dir, key } = await keyringFolder()
      let last = 0
      for (let round = 0; round < rounds; round++) {
        const process = runScript('change-keys.ts', dir, what, String(last + 1))
        await process.line('durable')
        // Argon2id takes most of the time of a change of the passphrase, so these rounds must be spread over it.
        await delay(what === 'phrase' ? round * 3 : round * 200)
        await process.kill()
        const reported = Number(process.lines.at(-1)?.split(' ')[1])
        expect(reported).toBeGreaterThan(last)
        const opening = await open(dir, what, [reported - 1, reported, reported + 1])
        expect([[reported], [reported + 1]]).toContainEqual(opening)
        last = opening[0] ?? 0
        mendKeyFile(dir, key)
        expect(readdirSync(dir).sort()).toEqual(['profile.json', 'profile.json.copy'])
        expect(readPair(dir).file).toEqual(readPair(dir).copy)
        rmSync(keyFilePath(dir))
        expect(await open(dir, what, [last])).toEqual([last])
        mendKeyFile(dir, key)
      }
    },
    120_000,
  )
})

test('neither passphrase nor phrase nor key is in any file', async () => {
  const { dir, key } = await keyringFolder()
  await changePassphrase(dir, key, OLD)
  const words = makeRecoveryPhrase(dir, key).split(' ')
  await changePassphrase(dir, key, NEW)
  const secrets = [OLD, NEW, words.join(' '), words.slice(0, 2).join(' '), toHex(key.reveal())].map(utf8)
  for (const secret of [...secrets, key.reveal()]) expect(filesHolding(dir, secret)).toEqual([])
})
