import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getCiphersuiteImpl } from 'ts-mls'
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls'
import { utf8 } from '../../../kernel/bytes.ts'
import { systemRandom } from '../../../kernel/random.ts'
import { makeCipherSuite } from './cipher-suite.ts'
import { expand } from './hkdf.ts'
import { suites, X25519_SUITE, XWING_SUITE } from './suites.ts'
import type { SuiteId } from './suites.ts'
import { x25519 } from './x25519.ts'

const cases: [CiphersuiteName, SuiteId][] = [
  ['MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519', X25519_SUITE],
  ['MLS_256_XWING_AES256GCM_SHA512_Ed25519', XWING_SUITE],
]

const info = utf8('info')
const aad = utf8('aad')

async function sealedBy(from: CiphersuiteImpl, to: CiphersuiteImpl, plaintext: Uint8Array): Promise<Uint8Array> {
  const ikm = systemRandom.bytes(64)
  const pair = await to.hpke.deriveKeyPair(ikm)
  const publicKey = await from.hpke.importPublicKey(await to.hpke.exportPublicKey(pair.publicKey))
  const { enc, ct } = await from.hpke.seal(publicKey, plaintext, info, aad)
  return to.hpke.open(pair.privateKey, enc, ct, info, aad)
}

describe.each(cases)('our %s', (name, id) => {
  const ours = makeCipherSuite(suites[id], (n) => systemRandom.bytes(n))

  it('derives the key pairs an independent implementation derives', async () => {
    const theirs = await getCiphersuiteImpl(name)
    const ikm = systemRandom.bytes(ours.kdf.size)
    const [a, b] = [await ours.hpke.deriveKeyPair(ikm), await theirs.hpke.deriveKeyPair(ikm)]
    expect(await ours.hpke.exportPublicKey(a.publicKey)).toEqual(await theirs.hpke.exportPublicKey(b.publicKey))
    expect(await ours.hpke.exportPrivateKey(a.privateKey)).toEqual(await theirs.hpke.exportPrivateKey(b.privateKey))
  })

  it('seals what an independent implementation opens, and the other way round', async () => {
    const theirs = await getCiphersuiteImpl(name)
    for (const plaintext of [new Uint8Array(), utf8('a'), systemRandom.bytes(1000)]) {
      expect(await sealedBy(ours, theirs, plaintext)).toEqual(plaintext)
      expect(await sealedBy(theirs, ours, plaintext)).toEqual(plaintext)
    }
  })

  it('exports the same secrets', async () => {
    const theirs = await getCiphersuiteImpl(name)
    const pair = await theirs.hpke.generateKeyPair()
    const publicKey = await ours.hpke.importPublicKey(await theirs.hpke.exportPublicKey(pair.publicKey))
    const { enc, secret } = await ours.hpke.exportSecret(publicKey, info, 40, aad)
    expect(await theirs.hpke.importSecret(pair.privateKey, info, enc, 40, aad)).toEqual(secret)
    const own = await ours.hpke.importPrivateKey(await theirs.hpke.exportPrivateKey(pair.privateKey))
    expect(await ours.hpke.importSecret(own, info, enc, 40, aad)).toEqual(secret)
  })

  it('agrees on hashes, keys and messages', async () => {
    const theirs = await getCiphersuiteImpl(name)
    const key = systemRandom.bytes(ours.hpke.keyLength)
    const nonce = systemRandom.bytes(ours.hpke.nonceLength)
    for (const length of [0, 1, 31, 32, 33, 64, 65, 200]) {
      const data = systemRandom.bytes(length)
      expect(await ours.hash.digest(data)).toEqual(await theirs.hash.digest(data))
      const mac = await theirs.hash.mac(key, data)
      expect(await ours.hash.mac(key, data)).toEqual(mac)
      expect(await ours.hash.verifyMac(key, mac, data)).toBe(true)
      expect(await ours.hash.verifyMac(key, mac.slice(1), data)).toBe(false)
      // theirs takes salts of the size of its hash only
      expect(await ours.kdf.extract(mac, data)).toEqual(await theirs.kdf.extract(mac, data))
      expect(await ours.kdf.expand(mac, data, length + 1)).toEqual(await theirs.kdf.expand(mac, data, length + 1))
      const sealed = await ours.hpke.encryptAead(key, nonce, data, data)
      expect(sealed).toEqual(await theirs.hpke.encryptAead(key, nonce, data, data))
      expect(await ours.hpke.decryptAead(key, nonce, data, sealed)).toEqual(data)
    }
    expect(await ours.kdf.extract(new Uint8Array(), info)).toEqual(await theirs.kdf.extract(new Uint8Array(), info))
  })

  it('opens nothing that was altered', async () => {
    const pair = await ours.hpke.generateKeyPair()
    const { enc, ct } = await ours.hpke.seal(pair.publicKey, utf8('secret'), info, aad)
    await expect(ours.hpke.open(pair.privateKey, enc, ct, info, utf8('aae'))).rejects.toThrow()
    await expect(ours.hpke.open(pair.privateKey, enc, ct, utf8('inf'), aad)).rejects.toThrow()
    for (const at of [0, 16, enc.length - 1]) {
      const other = enc.with(at, (enc[at] ?? 0) ^ 1)
      await expect(ours.hpke.open(pair.privateKey, other, ct, info, aad)).rejects.toThrow()
    }
    for (let at = 0; at < ct.length; at++) {
      await expect(ours.hpke.open(pair.privateKey, enc, ct.with(at, (ct[at] ?? 0) ^ 1), info, aad)).rejects.toThrow()
    }
    await expect(ours.hpke.open(pair.privateKey, enc, ct.subarray(0, 10), info, aad)).rejects.toThrow()
  })

  it('takes no key of another size', async () => {
    for (const size of [0, 31, 33]) {
      await expect(ours.hpke.importPublicKey(new Uint8Array(size))).rejects.toThrow(RangeError)
      await expect(ours.hpke.importPrivateKey(new Uint8Array(size))).rejects.toThrow(RangeError)
    }
  })
})

describe('the pieces', () => {
  it('refuse points of small order', () => {
    expect(() => x25519(new Uint8Array(32).fill(1), new Uint8Array(32))).toThrow()
  })

  it('expand to any length HKDF allows and no further', () => {
    const prk = new Uint8Array(32).fill(7)
    fc.assert(
      fc.property(fc.nat(255 * 32), (length) => expand('sha256', prk, info, length).length === length),
      { numRuns: 20 },
    )
    expect(() => expand('sha256', prk, info, 255 * 32 + 1)).toThrow(RangeError)
  })
})
