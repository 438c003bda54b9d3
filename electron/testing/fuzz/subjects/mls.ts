import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  decode,
  encode,
  mlsMessageDecoder,
  mlsMessageEncoder,
  protocolVersions,
  wireformats,
} from 'ts-mls'
import type { MlsMessage } from 'ts-mls'
import { X25519_SUITE, XWING_SUITE } from '../../../crypto/mls/index.ts'
import type { GroupState, ReceiveOptions, Rejection } from '../../../crypto/mls/index.ts'
import { makeCipherSuite } from '../../../crypto/mls/provider/cipher-suite.ts'
import { suites } from '../../../crypto/mls/provider/suites.ts'
import { unwrap } from '../../../crypto/mls/state.ts'
import { decodeMessage } from '../../../crypto/mls/wire.ts'
import { createLocalIdentity } from '../../../identity/index.ts'
import { equalBytes, utf8 } from '../../../kernel/bytes.ts'
import type { Result } from '../../../kernel/result.ts'
import { credulous } from '../../mls/forge.ts'
import { flatten } from '../../mls/parts.ts'
import { commitBy, gather, NONE, stateOf, yes } from '../../mls/party.ts'
import type { Party } from '../../mls/party.ts'
import type { Structure, Subject } from '../subject.ts'

/** A group of three, of whom Bob receives; everything somebody can send to it, and to Dave, who is about to join. */
export async function mlsScene() {
  const party = await gather(['Alice', 'Bob', 'Carol'])
  const suite = makeCipherSuite(suites[X25519_SUITE], (n) => party.random.bytes(n))
  const dave = createLocalIdentity(party.groupId, 'Dave', party.random)
  const pair = await party.engine.keyPackage(party.groupId, dave)
  const made = await commitBy(party, 0, { add: [pair.publicPackage], removeLeaves: [2], settings: utf8('settings 1') })
  const bare = await commitBy(party, 0, {})
  const { message } = await party.engine.encrypt(stateOf(party, 0), utf8('hello'), utf8('data'))
  const { message: own } = await party.engine.encrypt(stateOf(party, 1), utf8('my own'), NONE)
  return { party, suite, dave, pair, message, own, commit: made.commit, bare: bare.commit, welcome: made.welcome ?? NONE }
}
export type MlsScene = Awaited<ReturnType<typeof mlsScene>>

export const messageStructure: Structure = {
  loose: false,
  open: (bytes) => decode(mlsMessageDecoder, bytes),
  close: (value) => encode(mlsMessageEncoder, value as MlsMessage),
}

/** Bob receives, and whatever comes of it is thrown away: his state must stay what it is. */
export function receiver({ party }: Pick<MlsScene, 'party'>, options?: ReceiveOptions) {
  const bob = stateOf(party, 1)
  return {
    receive: async (bytes: Uint8Array): Promise<boolean> => (await party.engine.receive(bob, bytes, yes, options)).ok,
    unchanged: unchangedState(party, bob),
  }
}

export function unchangedState({ engine }: Party, state: GroupState): () => void {
  const before = flatten(engine.encode(state))
  return () => {
    if (!equalBytes(before, flatten(engine.encode(state)))) throw new Error('a state was changed in place')
  }
}

async function xWingMessages(): Promise<Uint8Array[]> {
  const party = await gather(['Alice', 'Bob'], XWING_SUITE)
  const made = await commitBy(party, 0, {})
  const { publicPackage } = await party.engine.keyPackage(party.groupId, createLocalIdentity(party.groupId, 'Dave', party.random))
  return [made.commit, publicPackage]
}

/** Messages of kinds that nobody here sends: what is not taken must be decoded before it is refused. */
async function foreignMessages({ party, suite }: MlsScene): Promise<Uint8Array[]> {
  const client = unwrap(stateOf(party, 2))
  const { commit } = await createCommit({ context: credulous(suite), state: client, wireAsPublicMessage: true })
  const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(client, [], suite)
  const info: MlsMessage = { version: protocolVersions.mls10, wireformat: wireformats.mls_group_info, groupInfo }
  return [encode(mlsMessageEncoder, commit), encode(mlsMessageEncoder, info)]
}

const takes = async (result: Promise<Result<unknown, Rejection>>): Promise<boolean> => (await result).ok

/** The doors of the group engine: whole messages, as they come from the network. */
export async function mlsSubjects(scene: MlsScene): Promise<Subject[]> {
  const { party, pair, message, own, commit, bare, welcome } = scene
  const { engine, groupId } = party
  const bob = receiver(scene)
  const bobReturned = receiver(scene, { takeOwn: true })
  const late: Promise<boolean>[] = []
  const bobHurries = receiver(scene, { takeOwn: false, verifyLater: (verify) => late.push(verify()) })
  const everything = [message, commit, welcome, pair.publicPackage, ...(await xWingMessages()), ...(await foreignMessages(scene))]
  const hurried = async (bytes: Uint8Array): Promise<boolean> => {
    const taken = await bobHurries.receive(bytes)
    const holds = await Promise.all(late.splice(0))
    return taken && holds.every((each) => each)
  }
  return [
    { name: 'MLS: any message', samples: everything, structure: messageStructure, decode: (bytes) => decodeMessage(bytes) !== null },
    {
      name: 'MLS: the header of a message',
      samples: [message, commit],
      structure: messageStructure,
      decode: (bytes) => engine.inspect(bytes).ok,
    },
    {
      name: 'MLS: what a member receives',
      samples: [message, commit, bare],
      structure: messageStructure,
      decode: bob.receive,
      unchanged: bob.unchanged,
    },
    {
      name: 'MLS: what a member receives who takes its own',
      samples: [own, message, bare],
      structure: messageStructure,
      decode: bobReturned.receive,
      unchanged: bobReturned.unchanged,
    },
    {
      name: 'MLS: what a member receives and verifies beside',
      samples: [message],
      structure: messageStructure,
      decode: hurried,
      unchanged: bobHurries.unchanged,
    },
    {
      name: 'MLS: a Welcome',
      samples: [welcome],
      structure: messageStructure,
      share: 0.5,
      decode: (bytes) => takes(engine.join(groupId, bytes, [pair])),
    },
    {
      name: 'MLS: a key package',
      samples: [pair.publicPackage],
      structure: messageStructure,
      share: 0.5,
      decode: (bytes) => takes(engine.readKeyPackage(groupId, bytes)),
    },
  ]
}
