import { describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8 } from '../kernel/bytes.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'

describe('Ed25519', () => {
  it('gives the first test vector of RFC 8032', () => {
    const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
    expect(toHex(ed25519PublicKey(seed))).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    expect(toHex(ed25519Sign(seed, new Uint8Array()))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    )
  })

  it('says no, and nothing worse, to keys and signatures that are none', () => {
    const key = ed25519PublicKey(new Uint8Array(32).fill(1))
    const message = utf8('message')
    const signature = ed25519Sign(new Uint8Array(32).fill(1), message)
    expect(ed25519Verify(key, message, signature)).toBe(true)
    expect(ed25519Verify(key, utf8('massage'), signature)).toBe(false)
    for (const size of [0, 31, 33]) expect(ed25519Verify(new Uint8Array(size), message, signature)).toBe(false)
    for (const size of [0, 63, 65]) expect(ed25519Verify(key, message, new Uint8Array(size))).toBe(false)
    expect(ed25519Verify(new Uint8Array(32).fill(255), message, signature)).toBe(false)
    expect(() => ed25519Sign(new Uint8Array(31), message)).toThrow(TypeError)
  })

  it('does not serve a key from memory once its bytes have changed', () => {
    const seed = new Uint8Array(32).fill(1)
    const before = ed25519Sign(seed, utf8('message'))
    const key = ed25519PublicKey(seed)
    seed.fill(2)
    expect(ed25519Sign(seed, utf8('message'))).not.toEqual(before)
    key.set(ed25519PublicKey(seed))
    expect(ed25519Verify(key, utf8('message'), before)).toBe(false)
  })
})
