import { createCipheriv, createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '../../kernel/bytes.ts'
import { blocks, bytesOf, valuesOf } from './document.ts'

/** Somebody who has nothing but docs/protocol.md and the RFCs comes to the same values. None of this may call the program's own. */

const GROUP = new Uint8Array(16).fill(0xa0)

const blockOf = (name: string) => {
  const block = blocks.find((each) => each.name === name)
  if (block === undefined) throw new Error(`no block ${name}`)
  return block
}
const valueOf = (name: string, label: string): string => valuesOf(blockOf(name)).get(label) ?? ''
const keyOf = (name: string, label: string): Uint8Array => fromHex(valueOf(name, label))

const hash = (name: 'sha256' | 'sha512', ...parts: Uint8Array[]) =>
  new Uint8Array(
    createHash(name)
      .update(concatBytes(...parts))
      .digest(),
  )
const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
  createHmac('sha256', key)
    .update(concatBytes(...parts))
    .digest('hex')

/** `opaque<V>` of less than 2^14 bytes, and ExpandWithLabel of suite 1 (RFC 9420 §2.1.2, §8). */
const vector = (bytes: Uint8Array): Uint8Array =>
  concatBytes(bytes.length < 64 ? Uint8Array.of(bytes.length) : Uint8Array.of((bytes.length >> 8) | 0x40, bytes.length & 0xff), bytes)
function expandWithLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const info = concatBytes(Uint8Array.of(0, length), vector(utf8(`MLS 1.0 ${label}`)), vector(context))
  // HKDF-Expand alone: 32 bytes are one block of it (RFC 5869 §2.3).
  return new Uint8Array(createHmac('sha256', secret).update(info).update(Uint8Array.of(1)).digest().subarray(0, length))
}
const exported = (label: string, length: number): Uint8Array =>
  expandWithLabel(
    expandWithLabel(keyOf('epoch', 'exporter secret'), label, new Uint8Array(), 32),
    'exported',
    hash('sha256', GROUP),
    length,
  )
describe('the formulas of docs/protocol.md', () => {
  it('give the ids of members and devices', () => {
    for (const [key, id] of [
      ['identity key', 'member id'],
      ['device key', 'device id'],
    ] as const)
      expect(toHex(hash('sha256', keyOf('identity', key))).slice(0, 32)).toBe(valueOf('identity', id))
  })

  it('give the number that leaves for what is under a space are certified for', () => {
    const under = hash('sha256', bytesOf(blockOf('groups-under')))
    expect(toHex(under).slice(0, 32)).toBe(valueOf('certified-under', 'certified for'))
  })

  it('give the safety number', () => {
    const half = (key: Uint8Array): string[] => {
      let last = hash('sha512', utf8('SpacePanda safety number'), Uint8Array.of(0, 1), key)
      for (let i = 0; i < 5_200; i += 1) last = hash('sha512', last, key)
      return [0, 5, 10, 15, 20, 25].map((at) => String(Buffer.from(last).readUIntBE(at, 5) % 100_000).padStart(5, '0'))
    }
    const keys = ['one identity key', 'the other'].map((label) => valueOf('safety-number', label)).sort()
    expect(keys.flatMap((key) => half(fromHex(key))).join(' ')).toBe(valueOf('safety-number', 'number'))
  })

  it('give the binding of a hello and its tags', () => {
    const nonces = ["initiator's nonce", "responder's nonce"].map((label) => keyOf('hello-binding', label))
    const peers = ['initiator', 'responder'].map((label) => utf8(valueOf('hello-binding', label)))
    const parts = [utf8('spacepanda/hello/2'), ...nonces, ...peers].flatMap((part) => [Uint8Array.of(0, part.length), part])
    const binding = hash('sha256', ...parts)
    expect(toHex(binding)).toBe(valueOf('hello-binding', 'binding'))
    const recognition = hmac(keyOf('hello-tag', 'presence key'), utf8('spacepanda/recognition/1'))
    expect(recognition).toBe(valueOf('hello-tag', 'recognition key'))
    const tag = hmac(fromHex(recognition), utf8('spacepanda/presence/2'), utf8(valueOf('hello-tag', 'role')), binding)
    expect(tag).toBe(valueOf('hello-tag', 'tag'))
  })

  it('give the eid and the rank of a member', () => {
    expect(toHex(exported('spacepanda/eid', 16))).toBe(valueOf('epoch', 'eid'))
    expect(toHex(exported('spacepanda/rank', 32))).toBe(valueOf('epoch', 'rank key'))
    expect(hmac(keyOf('epoch', 'rank key'), keyOf('identity', 'member id'))).toBe(valueOf('epoch', "Ann's rank"))
  })

  it('give the reference of a key package and the id of an object', () => {
    const keyPackage = bytesOf(blockOf('key-package')).subarray(4)
    const reference = hash('sha256', vector(utf8('MLS 1.0 KeyPackage Reference')), vector(keyPackage))
    expect(toHex(reference)).toBe(valueOf('key-package-reference', 'reference'))
    expect(toHex(hash('sha256', bytesOf(blockOf('object'))))).toBe(valueOf('object-id', 'object id'))
  })

  it('give the keys of a day of a mailbox, and what is sealed with them', () => {
    const value = (label: string) => keyOf('mailbox-keys', label)
    const day = new Uint8Array(4)
    new DataView(day.buffer).setUint32(0, Number(valueOf('mailbox-keys', 'day')))
    const extracted = createHmac('sha256', utf8('spacepanda/mailbox/1')).update(value('presence key')).digest()
    const blocksOfHkdf: Uint8Array[] = []
    for (let i = 1; i <= 3; i += 1) {
      const parts = concatBytes(blocksOfHkdf.at(-1) ?? new Uint8Array(), value('group'), day, Uint8Array.of(i))
      blocksOfHkdf.push(createHmac('sha256', extracted).update(parts).digest())
    }
    expect(blocksOfHkdf.map(toHex)).toEqual(['seed', 'sealing key', 'nonce key'].map((label) => valueOf('mailbox-keys', label)))
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), value('seed')])
    const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
    expect(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')).toBe(valueOf('mailbox-keys', 'tag'))

    const [eid, object] = ['eid', 'object'].map((label) => keyOf('mailbox-sealed', label))
    if (eid === undefined || object === undefined) throw new Error('both are there')
    const plain = new Uint8Array(1_024)
    plain.set([0, 0, 0, object.length, ...eid, ...object])
    const nonce = fromHex(hmac(value('nonce key'), plain)).subarray(0, 12)
    expect(toHex(nonce)).toBe(valueOf('mailbox-sealed', 'nonce'))
    const cipher = createCipheriv('aes-256-gcm', value('sealing key'), nonce).setAAD(value('tag'))
    const sealed = concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag())
    expect(toHex(sealed.subarray(-16))).toBe(valueOf('mailbox-sealed', 'last 16 bytes'))
    expect(toHex(hash('sha256', sealed))).toBe(valueOf('mailbox-sealed', 'SHA-256'))
  })

  it('give what a link holds', () => {
    const [, body = ''] = /^spacepanda:join\/([\w-]+)$/.exec(valueOf('link', 'link')) ?? []
    expect(Buffer.from(body, 'base64url').toString('hex')).toBe(toHex(bytesOf(blockOf('link-body'))))
  })
})
