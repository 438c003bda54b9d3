import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupId } from '../../shared/domain/ids.ts'
import { AppError } from '../kernel/errors.ts'
import { systemRandom as random } from '../kernel/random.ts'
import { createLocalIdentity } from './create-local-identity.ts'
import { decodeLocalIdentity, encodeLocalIdentity } from './encoding.ts'

const group = random.id<GroupId>()

describe('a stored identity', () => {
  it('comes back the same, secrets and credential included', () => {
    const identity = createLocalIdentity(group, '  Alice ', random)
    const restored = decodeLocalIdentity(encodeLocalIdentity(identity))
    expect(identity.name).toBe('Alice')
    expect({ ...restored }).toEqual({ ...identity })
    expect(restored.leafSecret.reveal()).toEqual(identity.leafSecret.reveal())
    expect(restored.deviceSecret.reveal()).toEqual(identity.deviceSecret.reveal())
    expect(restored.identitySecret.reveal()).toEqual(identity.identitySecret.reveal())
  })

  it('shares no memory with the bytes it came from, nor one secret with another', () => {
    const bytes = encodeLocalIdentity(createLocalIdentity(group, 'Alice', random))
    const before = new Uint8Array(bytes)
    const restored = decodeLocalIdentity(bytes)
    const device = new Uint8Array(restored.deviceSecret.reveal())
    restored.leafSecret.wipe()
    expect(bytes).toEqual(before)
    expect(restored.deviceSecret.reveal()).toEqual(device)
  })

  it('is unreadable, in words, when damaged', () => {
    const unreadable = (bytes: Uint8Array) => {
      expect(() => decodeLocalIdentity(bytes)).toThrow(AppError)
    }
    const bytes = encodeLocalIdentity(createLocalIdentity(group, 'Alice', random))
    unreadable(bytes.subarray(0, -1))
    unreadable(new Uint8Array([...bytes, 0]))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), unreadable), { numRuns: 50 })
  })

  it('is never made of a name that may not be shown', () => {
    for (const name of ['', '   ', 'a\nb', 'x'.repeat(65)]) expect(() => createLocalIdentity(group, name, random)).toThrow(AppError)
  })

  it('links no two spaces', () => {
    const [here, there] = [createLocalIdentity(group, 'Alice', random), createLocalIdentity(random.id<GroupId>(), 'Alice', random)]
    expect(here.memberId).not.toBe(there.memberId)
    expect(here.deviceId).not.toBe(there.deviceId)
  })
})
