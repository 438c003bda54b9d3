import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { AppError, invariant } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { KeyVault } from '../../ports/key-vault.ts'
import { openStore } from '../open-store.ts'
import { filesHolding, modeOf, snapshot, testFolder } from '../test-support/folder.ts'
import { type Header, type PassphraseWrap, decodeHeader, encodeHeader } from './header.ts'
import { createKeyFile as create, readKeyFile, unlock } from './key-file.ts'
import type { Openers } from './key-file.ts'
import { databasePath, keyFileCopyPath, keyFilePath } from './profile-folder.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

/** A keyring that turns bits around, for one user. */
const keyring = (user = 0xff, safe = true): KeyVault => ({
  safe,
  wrap: (secret) => Promise.resolve(secret.map((byte) => byte ^ user)),
  unwrap: (wrapped) => Promise.resolve(wrapped.map((byte) => byte ^ user)),
})

const brokenKeyring: KeyVault = {
  safe: true,
  wrap: () => Promise.reject(new AppError('unreadable', 'locked')),
  unwrap: () => Promise.reject(new Error('locked')),
}

/** At the least cost there is: what it is calibrated to has its own tests. */
const createKeyFile = (dir: string, openers: Openers) => create(dir, openers, { workMs: 0 })

const newFolder = (): string => join(testFolder(), 'profile')
const byKeyring = { passphrase: null, vault: keyring() }
const byPassphrase = (passphrase: string) => ({ passphrase, vault: null })
const bytesOf = (key: Redacted<Uint8Array>): Uint8Array => key.reveal()

/** One key file by passphrase for all tests that only read it: making one takes a while. */
let passphraseFile: string
let passphraseKey: Uint8Array
beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'spacepanda-storage-'))
  passphraseKey = bytesOf(await createKeyFile(dir, { passphrase: 'correct horse', vault: keyring() }))
  passphraseFile = readFileSync(keyFilePath(dir), 'utf8')
  rmSync(dir, { recursive: true })
})

function header(content: string): Header {
  const reading = decodeHeader(content)
  invariant(reading.kind === 'present', 'the file is whole')
  return reading.header
}

function passphraseWrap(content: string): PassphraseWrap {
  const [wrap] = header(content).wraps
  invariant(wrap?.kind === 'passphrase', 'it is wrapped by a passphrase')
  return wrap
}

function withPassphraseFile(content = passphraseFile): string {
  const dir = newFolder()
  mkdirSync(dir, { mode: 0o700 })
  writeFileSync(keyFilePath(dir), content, { mode: 0o600 })
  return dir
}

describe('a new key file', () => {
  test('is for its owner alone, and leaves nothing else behind', async () => {
    const dir = newFolder()
    await createKeyFile(dir, byKeyring)
    expect(modeOf(dir)).toBe(0o700)
    expect(snapshot(dir)).toEqual([expect.stringMatching(/^profile\.json 600 /)])
  })

  test('closes an empty folder that others could read, but leaves one alone that holds other things', async () => {
    const [empty, used] = [newFolder(), newFolder()]
    for (const dir of [empty, used]) mkdirSync(dir, { mode: 0o755 })
    writeFileSync(join(used, 'letter.txt'), 'x')
    for (const dir of [empty, used]) await createKeyFile(dir, byKeyring)
    expect([modeOf(empty), modeOf(used)]).toEqual([0o700, 0o755])
  })

  test('holds a new random key of 256 bits each time, never in clear', async () => {
    const [one, two] = [newFolder(), newFolder()]
    const keys = [bytesOf(await createKeyFile(one, byKeyring)), bytesOf(await createKeyFile(two, byKeyring))] as const
    expect(keys.map((key) => key.length)).toEqual([32, 32])
    expect(keys[0]).not.toEqual(keys[1])
    expect(filesHolding(one, new TextEncoder().encode(Buffer.from(keys[0]).toString('hex')))).toEqual([])
    expect(passphraseFile).not.toContain(Buffer.from(passphraseKey).toString('hex'))
  })

  test('by passphrase asks Argon2id for 64 MiB, three passes, one lane, and a salt of its own', async () => {
    const dir = newFolder()
    await createKeyFile(dir, byPassphrase('correct horse'))
    const wraps = [passphraseFile, readFileSync(keyFilePath(dir), 'utf8')].map(passphraseWrap)
    for (const { kdf, nonce, sealed } of wraps) {
      expect({ ...kdf, salt: kdf.salt.length }).toEqual({ name: 'argon2id', memoryKiB: 65_536, iterations: 3, parallelism: 1, salt: 32 })
      expect([nonce.length, sealed.length]).toEqual([24, 96])
    }
    expect(new Set(wraps.map((wrap) => wrap.kdf.salt)).size).toBe(2)
  })

  test('is by passphrase alone where one was chosen, though there is a keyring', async () => {
    const dir = withPassphraseFile()
    expect(readKeyFile(dir)).toEqual({ passphrase: true, recovery: false, keyring: false })
    await expect(unlock(dir, byKeyring)).rejects.toEqual(code('passphrase-required'))
  })

  test.each<[string, KeyVault | null]>([
    ['no keyring', null],
    ['a keyring that protects nothing', keyring(1, false)],
  ])('needs a passphrase where there is %s', async (_what, vault) => {
    const dir = newFolder()
    await expect(createKeyFile(dir, { passphrase: null, vault })).rejects.toEqual(code('passphrase-required'))
    expect(readKeyFile(dir)).toBe('absent')
  })

  test('is not made with an empty passphrase', async () => {
    const dir = newFolder()
    await expect(createKeyFile(dir, { passphrase: '', vault: keyring() })).rejects.toEqual(code('passphrase-required'))
    expect(readKeyFile(dir)).toBe('absent')
  })

  test('is not made when the keyring fails', async () => {
    const dir = newFolder()
    await expect(createKeyFile(dir, { passphrase: null, vault: brokenKeyring })).rejects.toEqual(code('unreadable'))
    expect(readKeyFile(dir)).toBe('absent')
  })

  test('never replaces one that is there', async () => {
    const dir = newFolder()
    const key = bytesOf(await createKeyFile(dir, byKeyring))
    const before = snapshot(dir)
    await expect(createKeyFile(dir, byKeyring)).rejects.toEqual(code('profile-exists'))
    expect(snapshot(dir)).toEqual(before)
    expect(bytesOf(await unlock(dir, byKeyring))).toEqual(key)
  })

  test('made twice at the same time is made once', async () => {
    const dir = newFolder()
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => createKeyFile(dir, byKeyring)))
    const made = results.filter((result) => result.status === 'fulfilled')
    expect(made).toHaveLength(1)
    expect(made.map((result) => bytesOf(result.value))).toEqual([bytesOf(await unlock(dir, byKeyring))])
    const reasons = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
    expect(reasons).toEqual([1, 2, 3].map(() => code('profile-exists')))
    expect(snapshot(dir)).toHaveLength(1)
  })

  test('says disk where no folder can be made', async () => {
    const file = join(testFolder(), 'file')
    writeFileSync(file, '')
    await expect(createKeyFile(join(file, 'profile'), byKeyring)).rejects.toEqual(code('disk'))
  })
})

describe('unlocking', () => {
  test('gives the same key by the same passphrase', async () => {
    expect(bytesOf(await unlock(withPassphraseFile(), byPassphrase('correct horse')))).toEqual(passphraseKey)
  })

  test.each(['wrong horse', 'correct horse ', 'Correct horse', ''])('refuses %j and changes nothing', async (passphrase) => {
    const dir = withPassphraseFile()
    const before = snapshot(dir)
    await expect(unlock(dir, byPassphrase(passphrase))).rejects.toEqual(code('wrong-passphrase'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('asks for the passphrase where none is given', async () => {
    await expect(unlock(withPassphraseFile(), { passphrase: null, vault: null })).rejects.toEqual(code('passphrase-required'))
  })

  test('takes a passphrase however its accents were composed', async () => {
    const dir = newFolder()
    const key = bytesOf(await createKeyFile(dir, byPassphrase('cafe\u0301 olé')))
    expect(bytesOf(await unlock(dir, byPassphrase('caf\u00e9 ole\u0301')))).toEqual(key)
  })

  test('gives the same key by the same keyring, whatever passphrase is offered', async () => {
    const dir = newFolder()
    const key = bytesOf(await createKeyFile(dir, byKeyring))
    expect(readKeyFile(dir)).toEqual({ passphrase: false, recovery: false, keyring: true })
    expect(bytesOf(await unlock(dir, { passphrase: 'anything', vault: keyring() }))).toEqual(key)
  })

  test.each<[string, KeyVault | null]>([
    ['no keyring', null],
    ['a keyring that fell back to protecting nothing', keyring(0xff, false)],
    ['a keyring that is locked', brokenKeyring],
    ['a keyring that gives back something else', { ...keyring(), unwrap: () => Promise.resolve(new Uint8Array(5)) }],
  ])('with %s says so, and changes nothing', async (_what, vault) => {
    const dir = newFolder()
    await createKeyFile(dir, byKeyring)
    const before = snapshot(dir)
    await expect(unlock(dir, { passphrase: null, vault })).rejects.toEqual(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('finds no profile in an empty or missing folder', async () => {
    await expect(unlock(testFolder(), byKeyring)).rejects.toEqual(code('no-profile'))
    await expect(unlock(newFolder(), byKeyring)).rejects.toEqual(code('no-profile'))
  })
})

describe('a damaged key file', () => {
  const edited = (change: object): string => JSON.stringify({ ...(JSON.parse(passphraseFile) as object), ...change })
  const flipped = (digits: string): string => (digits.startsWith('0') ? '1' : '0') + digits.slice(1)

  const changed = (field: (wrap: PassphraseWrap) => string): string => {
    const value = field(passphraseWrap(passphraseFile))
    return passphraseFile.replace(value, flipped(value))
  }

  test.each<[string, () => string]>([
    ['empty', () => ''],
    ['cut short', () => passphraseFile.slice(0, -40)],
    ['not JSON', () => 'profile'],
    ['JSON of another kind', () => '[]'],
    ['one digit of the salt changed', () => changed((wrap) => wrap.kdf.salt)],
    ['one digit of the sealed key changed', () => changed((wrap) => wrap.sealed)],
    ['less memory', () => passphraseFile.replace('65536', '8')],
    ['memory without end', () => passphraseFile.replace('65536', '99999999999')],
    ['no wrap', () => edited({ wraps: [] })],
    ['something added', () => edited({ more: 1 })],
  ])('(%s) never leads to a new profile over the old one', async (_what, damage) => {
    const dir = withPassphraseFile(damage())
    writeFileSync(databasePath(dir), 'the old database')
    const before = snapshot(dir)
    expect(readKeyFile(dir)).toBe('damaged')
    await expect(unlock(dir, byPassphrase('correct horse'))).rejects.toEqual(code('unreadable'))
    await expect(createKeyFile(dir, byPassphrase('correct horse'))).rejects.toEqual(code('unreadable'))
    expect(() => openStore({ file: databasePath(dir), key: new Redacted(passphraseKey) })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('of a newer format is called that, and never leads to a new profile over the old one', async () => {
    const dir = withPassphraseFile(edited({ format: 3 }))
    writeFileSync(databasePath(dir), 'the old database')
    const before = snapshot(dir)
    await expect(unlock(dir, byPassphrase('correct horse'))).rejects.toThrow(/newer SpacePanda/)
    await expect(unlock(dir, byPassphrase('correct horse'))).rejects.toEqual(code('newer-profile'))
    await expect(createKeyFile(dir, byPassphrase('correct horse'))).rejects.toEqual(code('newer-profile'))
    expect(() => openStore({ file: databasePath(dir), key: new Redacted(passphraseKey) })).toThrow(code('newer-profile'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('that is gone, with its copy, while the database is there is damage, not the absence of a profile', async () => {
    const dir = newFolder()
    const store = openStore({ file: databasePath(dir), key: await createKeyFile(dir, byKeyring) })
    store.close()
    rmSync(keyFilePath(dir))
    rmSync(keyFileCopyPath(dir))
    const before = snapshot(dir)
    expect(readKeyFile(dir)).toBe('damaged')
    await expect(unlock(dir, byKeyring)).rejects.toEqual(code('unreadable'))
    await expect(createKeyFile(dir, byKeyring)).rejects.toEqual(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test('that is a folder is damaged', () => {
    const dir = newFolder()
    mkdirSync(keyFilePath(dir), { recursive: true })
    expect(readKeyFile(dir)).toBe('damaged')
  })

  test('cannot be made weaker by someone who also mends its checksum', async () => {
    const weaker = header(passphraseFile)
    const wraps = weaker.wraps.map((wrap) => (wrap.kind === 'passphrase' ? { ...wrap, kdf: { ...wrap.kdf, iterations: 4 } } : wrap))
    const dir = withPassphraseFile(new TextDecoder().decode(encodeHeader({ ...weaker, wraps })))
    expect(readKeyFile(dir)).toEqual({ passphrase: true, recovery: false, keyring: false })
    await expect(unlock(dir, byPassphrase('correct horse'))).rejects.toEqual(code('wrong-passphrase'))
  })
})

describe('key file and database', () => {
  test('a key file whose database was never made begins a new one', async () => {
    const dir = newFolder()
    await createKeyFile(dir, byKeyring)
    const store = openStore({ file: databasePath(dir), key: await unlock(dir, byKeyring) })
    expect(store.groups.list()).toEqual([])
    store.close()
  })

  test('a key file whose database was begun and is empty goes on', async () => {
    const dir = newFolder()
    const key = await createKeyFile(dir, byKeyring)
    writeFileSync(databasePath(dir), '')
    openStore({ file: databasePath(dir), key }).close()
    openStore({ file: databasePath(dir), key }).close()
  })

  test.each<[string, (file: string) => void]>([
    ['gone', (file) => rmSync(file)],
    ['emptied', (file) => writeFileSync(file, '')],
  ])('a database that was there and is %s is a loss, never a new profile', async (_what, lose) => {
    const dir = newFolder()
    const key = await createKeyFile(dir, byKeyring)
    openStore({ file: databasePath(dir), key }).close()
    lose(databasePath(dir))
    const before = snapshot(dir)
    expect(() => openStore({ file: databasePath(dir), key })).toThrow(code('unreadable'))
    expect(snapshot(dir)).toEqual(before)
  })

  test("another profile's database is refused", async () => {
    const [one, two] = [newFolder(), newFolder()]
    for (const dir of [one, two]) openStore({ file: databasePath(dir), key: await createKeyFile(dir, byKeyring) }).close()
    writeFileSync(databasePath(one), readFileSync(databasePath(two)))
    const key = await unlock(one, byKeyring)
    expect(() => openStore({ file: databasePath(one), key })).toThrow(code('unreadable'))
  })
})

test('a relay’s folder takes no profile, and is left as it is', async () => {
  const dir = testFolder()
  writeFileSync(join(dir, 'relay.key'), 'x'.repeat(32))
  const before = snapshot(dir)
  await expect(createKeyFile(dir, byKeyring)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('relay') as string,
  })
  expect(snapshot(dir)).toEqual(before)
})
