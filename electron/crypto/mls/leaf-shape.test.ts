import { createCommit, encode, makeCustomExtension, mlsMessageEncoder, protocolVersions, wireformats } from 'ts-mls'
import type { CiphersuiteImpl, KeyPackage, LeafNodeKeyPackage, PublicKey } from 'ts-mls'
import { beforeAll, describe, expect, it } from 'vitest'
import { signWithLabel } from '../../../node_modules/ts-mls/dist/src/crypto/signature.js'
import { keyPackageTBSEncoder } from '../../../node_modules/ts-mls/dist/src/keyPackage.js'
import { signLeafNodeKeyPackage } from '../../../node_modules/ts-mls/dist/src/leafNode.js'
import { createLocalIdentity } from '../../identity/index.ts'
import { byValue, credulous, forgePathlessCommit } from '../../testing/mls/forge.ts'
import { gather, outcome, stateOf, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { decodePair } from './key-package.ts'
import { LEAF } from './limits.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { unwrap } from './state.ts'
import { encodeMessage } from './wire.ts'

let party: Party
let suite: CiphersuiteImpl
/** A key package whose owner put anything into its leaf, rightly signed. */
let keyPackageWith: (changes: Partial<LeafNodeKeyPackage>) => Promise<KeyPackage>

beforeAll(async () => {
  party = await gather(['Alice', 'Bob', 'Mallory'])
  suite = makeCipherSuite(suites[X25519_SUITE], (n) => party.random.bytes(n))
  const dave = createLocalIdentity(party.groupId, 'Dave', party.random)
  const { publicPackage } = decodePair(await party.engine.keyPackage(party.groupId, dave))
  const key = dave.leafSecret.reveal()
  keyPackageWith = async (changes) => {
    const wanted = { ...publicPackage.leafNode, ...changes }
    const leafNode = await signLeafNodeKeyPackage(wanted, key, suite.signature)
    const tbs = { ...publicPackage, leafNode }
    return { ...tbs, signature: await signWithLabel(key, 'KeyPackageTBS', encode(keyPackageTBSEncoder, tbs), suite.signature) }
  }
})

const framed = (keyPackage: KeyPackage): Uint8Array =>
  encode(mlsMessageEncoder, { version: protocolVersions.mls10, wireformat: wireformats.mls_key_package, keyPackage })

const SMALL_ORDER = new Uint8Array(32)
const extension = (size: number) => makeCustomExtension({ extensionType: 0xf0ff, extensionData: new Uint8Array(size) })
const able = (extensions: number[]): Pick<LeafNodeKeyPackage, 'capabilities'> => ({
  capabilities: {
    versions: [protocolVersions.mls10],
    ciphersuites: [X25519_SUITE],
    credentials: [1],
    proposals: [],
    extensions: [0xf0a1, 0xf0ff, ...extensions],
  },
})

describe('a leaf that would do harm to everybody', () => {
  const cases: [what: string, changes: Partial<LeafNodeKeyPackage>, detail: string][] = [
    ['whose key is too short', { hpkePublicKey: new Uint8Array(31).fill(9) }, 'a leaf with a key of another size'],
    ['whose key is too long', { hpkePublicKey: new Uint8Array(1_000_000).fill(9) }, 'a leaf with a key of another size'],
    ['nobody can encrypt to', { hpkePublicKey: SMALL_ORDER }, 'a leaf with a key that is none'],
    ['that can do very much', able(Array.from({ length: LEAF.capabilities }, (_, i) => i + 0x1000)), 'a leaf with too much in it'],
    [
      'of many extensions',
      { ...able([]), extensions: Array.from({ length: LEAF.extensions + 1 }, () => extension(0)) },
      'a leaf with too much in it',
    ],
    ['of a large one', { ...able([]), extensions: [extension(LEAF.extensionBytes + 1)] }, 'a leaf with too much in it'],
  ]

  it.each(cases)('%s is refused in a key package, and in a commit that adds it', async (_, changes, detail) => {
    const keyPackage = await keyPackageWith(changes)
    expect(await party.engine.readKeyPackage(party.groupId, framed(keyPackage))).toMatchObject({ ok: false, error: { detail } })
    const commit = await forgePathlessCommit(unwrap(stateOf(party, 2)), suite, byValue([{ proposalType: 1, add: { keyPackage } }]), {
      honest: true,
    })
    expect(await party.engine.receive(stateOf(party, 1), commit, yes)).toMatchObject({ ok: false, error: { detail } })
  })

  it('is taken when there is nothing wrong with it', async () => {
    const keyPackage = await keyPackageWith({ ...able([0x1000]), extensions: [extension(100)] })
    expect(await party.engine.readKeyPackage(party.groupId, framed(keyPackage))).toMatchObject({ ok: true })
    const commit = await forgePathlessCommit(unwrap(stateOf(party, 2)), suite, byValue([{ proposalType: 1, add: { keyPackage } }]), {
      honest: true,
    })
    expect(await outcome(party.engine.receive(stateOf(party, 1), commit, yes))).toBe('commit')
  })

  /** Mallory's path, with another key for her own leaf; the one node above it, asked for first, has the key that the others compute. */
  const pathWithLeafKey = async (leafKey: Uint8Array | null): Promise<Uint8Array> => {
    let asked = 0
    const exportPublicKey = async (key: PublicKey): Promise<Uint8Array> => {
      asked += 1
      const honest = await suite.hpke.exportPublicKey(key)
      return leafKey !== null && asked === 2 ? leafKey : honest
    }
    const context = credulous({ ...suite, hpke: { ...suite.hpke, exportPublicKey } })
    return encodeMessage((await createCommit({ context, state: unwrap(stateOf(party, 2)) })).commit)
  }

  it('is refused in the path of a commit', async () => {
    expect(await outcome(party.engine.receive(stateOf(party, 1), await pathWithLeafKey(null), yes))).toBe('commit')
    for (const [key, detail] of [
      [SMALL_ORDER, 'a leaf with a key that is none'],
      [new Uint8Array(5), 'a leaf with a key of another size'],
    ] as const)
      expect(await party.engine.receive(stateOf(party, 1), await pathWithLeafKey(key), yes)).toMatchObject({ ok: false, error: { detail } })
  })
})

describe('work', () => {
  it('is not done on a commit with more in it than any group has', async () => {
    const keyPackage = await keyPackageWith(able(Array.from({ length: 70_000 }, (_, i) => 0x1000 + (i % 0xfff))))
    const commit = await forgePathlessCommit(unwrap(stateOf(party, 2)), suite, byValue([{ proposalType: 1, add: { keyPackage } }]), {
      honest: false,
    })
    let judged = false
    const received = party.engine.receive(stateOf(party, 1), commit, () => {
      judged = true
      return null
    })
    expect(await received).toMatchObject({ ok: false, error: { detail: 'commit: CodecError' } })
    expect(judged).toBe(false)
  })
})
