import {
  decode,
  defaultExtensionTypes,
  encode,
  keyPackageDecoder,
  keyPackageEncoder,
  mlsMessageEncoder,
  protocolVersions,
  wireformats,
} from 'ts-mls'
import type { Commit, GroupInfoTBS, KeyPackage, RatchetTree } from 'ts-mls'
import { commitDecoder, commitEncoder } from '../../../../node_modules/ts-mls/dist/src/commit.js'
import { signWithLabel } from '../../../../node_modules/ts-mls/dist/src/crypto/signature.js'
import { groupInfoTBSDecoder, groupInfoTBSEncoder } from '../../../../node_modules/ts-mls/dist/src/groupInfo.js'
import { groupSecretsDecoder, groupSecretsEncoder } from '../../../../node_modules/ts-mls/dist/src/groupSecrets.js'
import { keyPackageTBSEncoder } from '../../../../node_modules/ts-mls/dist/src/keyPackage.js'
import { signLeafNodeKeyPackage } from '../../../../node_modules/ts-mls/dist/src/leafNode.js'
import { ratchetTreeDecoder, ratchetTreeEncoder } from '../../../../node_modules/ts-mls/dist/src/ratchetTree.js'
import { decodePair } from '../../../crypto/mls/key-package.ts'
import { unwrap } from '../../../crypto/mls/state.ts'
import { opaque, struct } from '../../../crypto/mls/tls.ts'
import { decodeMessage } from '../../../crypto/mls/wire.ts'
import { stateOf } from '../../mls/party.ts'
import type { Structure, Subject } from '../subject.ts'
import { receiver } from './mls.ts'
import type { MlsScene } from './mls.ts'
import { openSealed, signCommit } from './sealed.ts'
import { openWelcome } from './welcome-maker.ts'

/**
 * What is decoded only after it was decrypted. Noise does not get there, but every member can put anything there, encrypt it
 * rightly, and sign it: the subjects take what is inside, and wrap it as a member would before they hand it over.
 */

const commitStructure: Structure = {
  loose: false,
  open: (bytes) => decode(commitDecoder, bytes),
  close: (value) => encode(commitEncoder, value as Commit),
}

const secretsStructure: Structure = {
  loose: false,
  open: (bytes) => decode(groupSecretsDecoder, bytes),
  close: (value) => encode(groupSecretsEncoder, value as Parameters<typeof groupSecretsEncoder>[0]),
}

type Extension = GroupInfoTBS['extensions'][number]
const isTree = (extension: Extension): boolean => extension.extensionType === defaultExtensionTypes.ratchet_tree

/** The tree is an extension, and of all parts the one with most in it: it is opened, too. */
const infoStructure: Structure = {
  loose: false,
  open(bytes) {
    const info = decode(groupInfoTBSDecoder, bytes)
    const tree = info?.extensions.find(isTree)
    if (info === undefined || tree === undefined) throw new Error('no tree')
    const { extensions, ...rest } = info
    return {
      ...rest,
      others: extensions.filter((each) => !isTree(each)),
      tree: decode(ratchetTreeDecoder, tree.extensionData),
    }
  },
  close(value) {
    const { others, tree, ...rest } = value as Omit<GroupInfoTBS, 'extensions'> & { others: Extension[]; tree: RatchetTree }
    const extension = { extensionType: defaultExtensionTypes.ratchet_tree, extensionData: encode(ratchetTreeEncoder, tree) } as Extension
    return encode(groupInfoTBSEncoder, { ...rest, extensions: [...others, extension] })
  },
}

const keyPackageStructure: Structure = {
  loose: false,
  open: (bytes) => decode(keyPackageDecoder, bytes),
  close: (value) => encode(keyPackageEncoder, value as KeyPackage),
}

export async function insideMessages(scene: MlsScene): Promise<Subject[]> {
  const { party, suite, message, commit, bare } = scene
  const bob = unwrap(stateOf(party, 1))
  const alice = unwrap(stateOf(party, 0))
  const { receive, unchanged } = receiver(scene)
  const said = await openSealed(suite, bob, message)
  const [changed, updated] = [await openSealed(suite, bob, commit), await openSealed(suite, bob, bare)]
  /** The signature is 64 bytes and the tag 32, each after one or two bytes of length: what is before them is the commit. */
  const lengthOfCommit = (inner: Uint8Array): number => commitDecoder(inner, 0)?.[1] ?? 0
  const [large, small] = [changed, updated].map(({ inner }) => inner.slice(0, lengthOfCommit(inner)))
  const tagOf = (inner: Uint8Array): Uint8Array => inner.slice(-suite.kdf.size)
  const signed = async (part: Uint8Array, around: typeof changed): Promise<boolean> => {
    const signature = await signCommit(suite, alice, part)
    return receive(await around.reseal(struct(part, opaque(signature), opaque(tagOf(around.inner)))))
  }
  return [
    {
      name: 'inside a message: its content and signature',
      samples: [said.inner],
      structure: null,
      share: 0.5,
      decode: async (inner) => receive(await said.reseal(inner)),
      unchanged,
    },
    {
      name: 'inside a message: its sender data',
      samples: [said.senderData],
      // a message that is a thousand ahead of its sender is worth a thousand steps to whoever receives it; these are too far ahead
      seeds: [64, 128, 255].map((high) => said.senderData.with(4, high)),
      structure: null,
      share: 0.5,
      decode: async (data) => receive(await said.resealSender(data)),
      unchanged,
    },
    {
      name: 'inside a commit: all that is encrypted',
      samples: [changed.inner],
      structure: null,
      share: 0.4,
      decode: async (inner) => receive(await changed.reseal(inner)),
      unchanged,
    },
    {
      name: 'inside a commit: proposals and path, signed',
      samples: [large ?? changed.inner],
      structure: commitStructure,
      share: 0.3,
      decode: (part) => signed(part, changed),
      unchanged,
    },
    {
      name: 'inside a commit: a path alone, signed',
      samples: [small ?? updated.inner],
      structure: commitStructure,
      share: 0.3,
      decode: (part) => signed(part, updated),
      unchanged,
    },
  ]
}

async function insideWelcome({ party, suite, pair, welcome }: MlsScene): Promise<Subject[]> {
  const read = decodeMessage(welcome)
  if (read?.wireformat !== wireformats.mls_welcome) throw new Error('not a Welcome')
  const opened = await openWelcome({ suite, welcome: read.welcome, pair: decodePair(pair), signer: unwrap(stateOf(party, 0)) })
  const join = async (bytes: Uint8Array): Promise<boolean> => (await party.engine.join(party.groupId, bytes, [pair])).ok
  return [
    {
      name: 'inside a Welcome: the secrets',
      samples: [opened.secrets],
      structure: secretsStructure,
      share: 0.2,
      decode: async (secrets) => join(await opened.withSecrets(secrets)),
    },
    {
      name: 'inside a Welcome: the group and its tree, signed',
      samples: [opened.info],
      structure: infoStructure,
      share: 0.3,
      decode: async (info) => join(await opened.withInfo(info)),
    },
  ]
}

/** Signed again by whoever holds its keys, if it is a key package at all. */
function insideKeyPackage({ party, suite, pair, dave }: MlsScene): Subject {
  const { publicPackage } = decodePair(pair)
  const key = dave.leafSecret.reveal()
  const sign = async (candidate: KeyPackage): Promise<KeyPackage> => {
    const leafNode = await signLeafNodeKeyPackage(candidate.leafNode, key, suite.signature)
    const signature = await signWithLabel(key, 'KeyPackageTBS', encode(keyPackageTBSEncoder, { ...candidate, leafNode }), suite.signature)
    return { ...candidate, leafNode, signature }
  }
  return {
    name: 'inside a key package: all of it, signed',
    samples: [encode(keyPackageEncoder, publicPackage)],
    structure: keyPackageStructure,
    share: 0.5,
    async decode(bytes) {
      const keyPackage = await readAndSign(bytes, sign)
      const framed =
        keyPackage && encode(mlsMessageEncoder, { version: protocolVersions.mls10, wireformat: wireformats.mls_key_package, keyPackage })
      return (await party.engine.readKeyPackage(party.groupId, framed ?? bytes)).ok
    },
  }
}

/** Null for bytes that its author could not have signed, because they are no key package. */
async function readAndSign(bytes: Uint8Array, sign: (candidate: KeyPackage) => Promise<KeyPackage>): Promise<KeyPackage | null> {
  try {
    const candidate = decode(keyPackageDecoder, bytes)
    return candidate === undefined ? null : await sign(candidate)
  } catch {
    // the library raises what it raises; such bytes are offered as they are
    return null
  }
}

export const insideHandshakes = async (scene: MlsScene): Promise<Subject[]> => [...(await insideWelcome(scene)), insideKeyPackage(scene)]
