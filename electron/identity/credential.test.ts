import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupId } from '../../shared/domain/ids.ts'
import { toCbor } from '../kernel/cbor.ts'
import { systemRandom as random } from '../kernel/random.ts'
import { certifyDevice, certifyLeaf } from './certificates.ts'
import { CREDENTIAL_BYTES, decodeCredential, encodeCredential, isMemberName, subjectOf, verifyCredential } from './credential.ts'
import type { Credential } from './credential.ts'
import { createLocalIdentity, leafForGroup } from './create-local-identity.ts'
import { ed25519PublicKey } from './ed25519.ts'

const group = random.id<GroupId>()
const alice = createLocalIdentity(group, 'Alice', random)
const mallory = createLocalIdentity(group, 'Mallory', random)

const opened = (bytes: Uint8Array): Credential => {
  const credential = decodeCredential(bytes)
  if (credential === null) throw new Error('not a credential')
  return credential
}

describe('a credential', () => {
  it('tells who holds the leaf', () => {
    expect(verifyCredential(alice.credential, group, alice.leafPublicKey)).toEqual({
      memberId: alice.memberId,
      deviceId: alice.deviceId,
      name: 'Alice',
    })
    expect(subjectOf(opened(alice.credential)).memberId).toBe(alice.memberId)
  })

  it('holds for no other leaf key and no other group', () => {
    expect(verifyCredential(alice.credential, group, mallory.leafPublicKey)).toBeNull()
    expect(verifyCredential(alice.credential, random.id<GroupId>(), alice.leafPublicKey)).toBeNull()
  })

  it('cannot be given another name by its device or by anyone else', () => {
    const renamed = encodeCredential({ ...opened(alice.credential), name: 'Bob' })
    expect(verifyCredential(renamed, group, alice.leafPublicKey)).toBeNull()
  })

  it('cannot be taken over by putting another identity above the same device', () => {
    const { identityKey } = opened(mallory.credential)
    const stolen = encodeCredential({ ...opened(alice.credential), identityKey })
    expect(verifyCredential(stolen, group, alice.leafPublicKey)).toBeNull()
  })

  it('cannot be taken over by signing for the identity with a device of one’s own', () => {
    const own = opened(mallory.credential)
    const { identityKey, name } = opened(alice.credential)
    const { deviceKey } = own
    const forged = encodeCredential({
      identityKey,
      name,
      deviceKey,
      deviceSignature: certifyDevice(mallory.identitySecret.reveal(), { identityKey, deviceKey, name }),
      leafSignature: certifyLeaf(mallory.deviceSecret.reveal(), { identityKey, deviceKey, groupId: group, leafKey: mallory.leafPublicKey }),
    })
    expect(verifyCredential(forged, group, mallory.leafPublicKey)).toBeNull()
  })

  it('does not let one link stand for the other', () => {
    const own = opened(alice.credential)
    const swapped = encodeCredential({ ...own, deviceSignature: own.leafSignature, leafSignature: own.deviceSignature })
    expect(verifyCredential(swapped, group, alice.leafPublicKey)).toBeNull()
  })

  it('holds no longer with any one bit turned', () => {
    for (let at = 0; at < alice.credential.length; at++) {
      const tampered = new Uint8Array(alice.credential)
      tampered[at] = (tampered[at] ?? 0) ^ (1 << (at % 8))
      expect(verifyCredential(tampered, group, alice.leafPublicKey), `byte ${at}`).toBeNull()
    }
  })

  it('is refused whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: CREDENTIAL_BYTES + 10 }), (bytes) => verifyCredential(bytes, group, bytes) === null))
    expect(decodeCredential(toCbor([1, 2, 3]))).toBeNull()
    expect(decodeCredential(new Uint8Array([...alice.credential, 0]))).toBeNull()
  })

  it('has no room for a name that may not be shown, even if its owner signed it', () => {
    const bad = ['', ' Alice', 'Al\nice', 'Al\u202eice', 'A'.repeat(65), 'A\u0000', '\ud800']
    for (const name of bad) expect(isMemberName(name), JSON.stringify(name)).toBe(false)
    const { identityKey, deviceKey, leafSignature } = opened(alice.credential)
    const name = 'Al\u202eice'
    const deviceSignature = certifyDevice(alice.identitySecret.reveal(), { identityKey, deviceKey, name })
    const bytes = encodeCredential({ identityKey, deviceKey, name, deviceSignature, leafSignature })
    expect(verifyCredential(bytes, group, alice.leafPublicKey)).toBeNull()
  })

  it('carries the longest name there is', () => {
    const long = createLocalIdentity(group, '漢'.repeat(64), random)
    expect(long.credential.length).toBeLessThanOrEqual(CREDENTIAL_BYTES)
    expect(verifyCredential(long.credential, group, long.leafPublicKey)?.name).toBe('漢'.repeat(64))
  })
})

describe('a leaf for another group', () => {
  it('is the same person and device under another key', () => {
    const other = random.id<GroupId>()
    const leaf = leafForGroup(alice, other, random)
    expect(verifyCredential(leaf.credential, other, leaf.leafPublicKey)).toEqual(
      verifyCredential(alice.credential, group, alice.leafPublicKey),
    )
    expect(leaf.leafPublicKey).not.toEqual(alice.leafPublicKey)
    expect(leaf.leafPublicKey).toEqual(ed25519PublicKey(leaf.leafSecret.reveal()))
    expect(verifyCredential(leaf.credential, group, leaf.leafPublicKey)).toBeNull()
  })
})
