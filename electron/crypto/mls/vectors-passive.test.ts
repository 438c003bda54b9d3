import { describe, expect, it } from 'vitest'
import {
  bytesToBase64,
  decode,
  joinGroup,
  mlsMessageDecoder,
  processMessage,
  unsafeTestingAuthenticationService,
  wireformats,
} from 'ts-mls'
import type { ClientState, MlsContext, MlsFramedMessage, MlsMessage } from 'ts-mls'
import { ratchetTreeDecoder } from '../../../node_modules/ts-mls/dist/src/ratchetTree.js'
import { toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { haveVectors, hex, loadVectors, ofOurSuite, titled } from '../../testing/mls/vectors.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'

interface PassiveClient {
  cipher_suite: number
  external_psks: { psk_id: string; psk: string }[]
  key_package: string
  signature_priv: string
  encryption_priv: string
  init_priv: string
  welcome: string
  ratchet_tree: string | null
  initial_epoch_authenticator: string
  epochs: { proposals: string[]; commit: string; epoch_authenticator: string }[]
}

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))

function message(bytes: string): MlsMessage {
  const decoded = decode(mlsMessageDecoder, hex(bytes))
  if (decoded === undefined) throw new Error('not a message')
  return decoded
}

function framed(bytes: string): MlsFramedMessage {
  const decoded = message(bytes)
  if (decoded.wireformat !== wireformats.mls_public_message && decoded.wireformat !== wireformats.mls_private_message) {
    throw new Error('not framed')
  }
  return decoded
}

/** Joins by the Welcome, follows every epoch, and must arrive at the same secrets as whoever made the vectors. */
async function follow(vector: PassiveClient): Promise<void> {
  const externalPsks = Object.fromEntries(vector.external_psks.map(({ psk_id, psk }) => [bytesToBase64(hex(psk_id)), hex(psk)]))
  const context: MlsContext = { cipherSuite: suite, authService: unsafeTestingAuthenticationService, externalPsks }
  const [welcome, keyPackage] = [message(vector.welcome), message(vector.key_package)]
  if (welcome.wireformat !== wireformats.mls_welcome || keyPackage.wireformat !== wireformats.mls_key_package) throw new Error('misfiled')
  const ratchetTree = vector.ratchet_tree === null ? undefined : decode(ratchetTreeDecoder, hex(vector.ratchet_tree))
  let state: ClientState = await joinGroup({
    context,
    welcome: welcome.welcome,
    keyPackage: keyPackage.keyPackage,
    privateKeys: {
      initPrivateKey: hex(vector.init_priv),
      hpkePrivateKey: hex(vector.encryption_priv),
      signaturePrivateKey: hex(vector.signature_priv),
    },
    ...(ratchetTree === undefined ? {} : { ratchetTree }),
  })
  expect(toHex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator)
  for (const epoch of vector.epochs) {
    for (const bytes of [...epoch.proposals, epoch.commit]) {
      state = (await processMessage({ context, state, message: framed(bytes) })).newState
    }
    expect(toHex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator)
  }
}

describe.runIf(haveVectors)(titled('histories of RFC 9420 passive clients, with our corrections and provider'), () => {
  const counts = { 'passive-client-welcome': 8, 'passive-client-handling-commit': 13 }

  it.each(Object.entries(counts))('%s', async (name, count) => {
    const vectors = ofOurSuite(loadVectors<PassiveClient>(name))
    expect(vectors).toHaveLength(count)
    for (const vector of vectors) await follow(vector)
  })

  it('passive-client-random', async () => {
    const [vector] = loadVectors<PassiveClient>('passive-client-random')
    if (vector === undefined) throw new Error('no vector')
    // the first half of two hundred epochs
    await follow({ ...vector, epochs: vector.epochs.slice(0, 100) })
  })
})
