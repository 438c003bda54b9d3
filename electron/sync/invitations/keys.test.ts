import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { claim, idOf, invitation, signed } from '../../testing/fixtures/space-settings.ts'
import { invitationPublicKey, signClaim, verifyClaim } from './keys.ts'

const { publicKey } = invitation()

describe('the keys of an invitation', () => {
  it('are Ed25519 (RFC 8032 §7.1, test 1)', () => {
    const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
    expect(toHex(invitationPublicKey(seed))).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  })

  it.each([0, 31, 33, 64])('are not made of a seed of %i bytes', (length) => {
    expect(() => invitationPublicKey(new Uint8Array(length))).toThrow(TypeError)
    expect(() => signClaim(new Uint8Array(length), claim())).toThrow(TypeError)
  })
})

describe('a claim', () => {
  it('holds for what was signed', () => {
    expect(verifyClaim(publicKey, claim(), signed())).toBe(true)
  })

  it.each([
    ['group', claim({ groupId: idOf(1) })],
    ['invitation', claim({ invitationId: idOf(1) })],
    ['request', claim({ requestId: idOf(1) })],
    ['member', claim({ memberId: idOf(1) })],
    ['device', claim({ deviceId: idOf(1) })],
  ])('does not hold for another %s', (_, other) => {
    expect(verifyClaim(publicKey, other, signed())).toBe(false)
  })

  it('does not let two fields change places', () => {
    const swapped = claim({ memberId: claim().deviceId as never, deviceId: claim().memberId as never })
    expect(verifyClaim(publicKey, swapped, signed())).toBe(false)
  })

  it.each([
    ['a short signature', publicKey, signed().subarray(0, 63)],
    ['a long signature', publicKey, new Uint8Array([...signed(), 0])],
    ['no signature', publicKey, new Uint8Array()],
    ['a short key', publicKey.subarray(0, 31), signed()],
    ['a key that is no point', new Uint8Array(32).fill(0xff), signed()],
    ['the key of another', invitationPublicKey(new Uint8Array(32)), signed()],
  ])('is simply false with %s', (_, key, signature) => {
    expect(verifyClaim(key, claim(), signature)).toBe(false)
  })
})
