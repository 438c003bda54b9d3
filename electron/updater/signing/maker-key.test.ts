import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyOf } from '../keys/key-set.ts'
import { makeKeyFile, openKeyFile, publicKeyOf } from './maker-key.ts'

const PASSPHRASE = 'the passphrase of Ada'

describe('the key of a maker', () => {
  let made: ReturnType<typeof makeKeyFile>
  beforeAll(() => {
    made = makeKeyFile(PASSPHRASE)
  })
  const changed = (name: string, value: string): string => JSON.stringify({ ...(JSON.parse(made.text) as object), [name]: value })

  it('is in its file for who knows the passphrase, however its letters were typed', () => {
    expect(publicKeyOf(openKeyFile(made.text, PASSPHRASE))).toBe(made.key)
    const accented = makeKeyFile('une clé bien gardée')
    expect(publicKeyOf(openKeyFile(accented.text, 'une clé bien gardée'.normalize('NFD')))).toBe(accented.key)
  })

  it('is in no file twice the same', () => {
    expect(makeKeyFile(PASSPHRASE).text).not.toBe(made.text)
  })

  it.each(['salt', 'nonce', 'tag', 'sealed'])('opens with no other passphrase, and not when its %s was changed', (name) => {
    expect(() => openKeyFile(made.text, 'another passphrase')).toThrow('does not open')
    const value = (JSON.parse(made.text) as Record<string, string>)[name] ?? ''
    expect(() => openKeyFile(changed(name, `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`), PASSPHRASE)).toThrow('does not open')
  })

  it.each([
    ['nothing', () => ''],
    ['a key in the clear', () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['a salt that is too short', () => changed('salt', '00')],
    ['another format', () => changed('format', 'spacepanda-maker-key-2')],
    ['something more', () => changed('more', 'x')],
  ])('is not in a file that is %s', (_, text) => {
    expect(() => openKeyFile(text(), PASSPHRASE)).toThrow('no encrypted key of release:sign')
  })

  it('is an Ed25519 key', () => {
    expect(keyOf(createPublicKey(openKeyFile(made.text, PASSPHRASE)))).toBe(made.key)
    expect(openKeyFile(made.text, PASSPHRASE).asymmetricKeyType).toBe('ed25519')
  })
})
