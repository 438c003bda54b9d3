import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { utf8 } from '../../kernel/bytes.ts'
import { keyOf } from '../keys/key-set.ts'
import type { KeySet, Signature } from '../keys/key-set.ts'
import { encodeRotation } from '../keys/rotation.ts'
import type { SignedRotation } from '../keys/rotation.ts'
import { encodeAnnouncement } from '../release/announcement.ts'
import { encodeRelease } from '../release/release.ts'
import type { Release } from '../release/release.ts'

/** Somebody who makes releases, with keys that live as long as a test. */
export interface Maker {
  name: string
  key: string
  privateKey: KeyObject
}

export function makeMaker(name: string): Maker {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { name, key: keyOf(publicKey), privateKey }
}

export type ThreeMakers = readonly [Maker, Maker, Maker]
export const makeMakers = (names: readonly [string, string, string] = ['Ada', 'Bo', 'Cy']): ThreeMakers => [
  makeMaker(names[0]),
  makeMaker(names[1]),
  makeMaker(names[2]),
]

const publicPart = ({ name, key }: Maker) => ({ name, key })

export const keySetOf = ([a, b, c]: ThreeMakers, serial = 0): KeySet => ({
  serial,
  keys: [publicPart(a), publicPart(b), publicPart(c)],
})

export const signWith = ({ key, privateKey }: Maker, bytes: Uint8Array): Signature => ({
  key,
  signature: sign(null, bytes, privateKey).toString('hex'),
})

export const NOW = Date.parse('2026-11-26T12:00:00Z')

export const makeRelease = (change: Partial<Release> = {}): Release => ({
  format: 'spacepanda-release-1',
  version: '1.3.0',
  date: '2026-11-26T09:00:00Z',
  rollout: 100,
  notes: 'What changed.\nEverything.',
  files: [
    { platform: 'linux', arch: 'x64', kind: 'deb', name: 'spacepanda_1.3.0_amd64.deb', size: 1_000, sha512: 'ab'.repeat(64) },
    { platform: 'win32', arch: 'x64', kind: 'nsis', name: 'SpacePanda Setup 1.3.0.exe', size: 2_000, sha512: 'cd'.repeat(64) },
  ],
  ...change,
})

/** What the server of the update would hand out. */
export function announce(release: Release, signers: readonly Maker[], rotations: readonly SignedRotation[] = []): Uint8Array {
  const bytes = encodeRelease(release)
  const text = Buffer.from(bytes).toString('utf8')
  return encodeAnnouncement({ release: text, signatures: signers.map((maker) => signWith(maker, bytes)), rotations })
}

export function rotate(next: KeySet, signers: readonly Maker[]): SignedRotation {
  const statement = encodeRotation({
    format: 'spacepanda-key-rotation-1',
    serial: next.serial,
    date: '2026-11-01T00:00:00Z',
    keys: next.keys,
  })
  return { statement, signatures: signers.map((maker) => signWith(maker, utf8(statement))) }
}
