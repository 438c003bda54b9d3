import { describe, expect, it } from 'vitest'
import {
  contentTypes,
  decode,
  encode,
  makeKeyPackageRef,
  mlsExporter,
  mlsMessageDecoder,
  mlsMessageEncoder,
  nodeTypes,
  wireformats,
} from 'ts-mls'
import type { GroupContext, RatchetTree } from 'ts-mls'
import { determineLength } from '../../../node_modules/ts-mls/dist/src/codec/variableLength.js'
import { refhash } from '../../../node_modules/ts-mls/dist/src/crypto/hash.js'
import { decryptWithLabel } from '../../../node_modules/ts-mls/dist/src/crypto/hpke.js'
import { deriveSecret, deriveTreeSecret, expandWithLabel } from '../../../node_modules/ts-mls/dist/src/crypto/kdf.js'
import { signWithLabel, verifyWithLabel } from '../../../node_modules/ts-mls/dist/src/crypto/signature.js'
import { groupContextDecoder } from '../../../node_modules/ts-mls/dist/src/groupContext.js'
import { initializeEpoch } from '../../../node_modules/ts-mls/dist/src/keySchedule.js'
import { unprotectPrivateMessage } from '../../../node_modules/ts-mls/dist/src/messageProtection.js'
import { verifyParentHashes } from '../../../node_modules/ts-mls/dist/src/parentHash.js'
import { proposalDecoder } from '../../../node_modules/ts-mls/dist/src/proposal.js'
import {
  addLeafNodeMutable,
  ratchetTreeDecoder,
  ratchetTreeEncoder,
  removeLeafNodeMutable,
  resolution,
  updateLeafNodeMutable,
} from '../../../node_modules/ts-mls/dist/src/ratchetTree.js'
import { createSecretTree, ratchetToGeneration } from '../../../node_modules/ts-mls/dist/src/secretTree.js'
import { treeHash, treeHashRoot } from '../../../node_modules/ts-mls/dist/src/treeHash.js'
import { toLeafIndex, toNodeIndex } from '../../../node_modules/ts-mls/dist/src/treemath.js'
import { verifyLeafNodeSignature } from '../../../node_modules/ts-mls/dist/src/leafNode.js'
import { decryptGroupInfo, decryptGroupSecrets } from '../../../node_modules/ts-mls/dist/src/welcome.js'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { haveVectors, hex, loadVectors, ofOurSuite, titled } from '../../testing/mls/vectors.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { openSenderData } from './sender-data.ts'
import { opaque } from './tls.ts'
import { decodeMessage } from './wire.ts'

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))

type Hex = string
type OfSuite<T> = T & { cipher_suite: number }

function treeOf(bytes: Hex): RatchetTree {
  const tree = decode(ratchetTreeDecoder, hex(bytes))
  if (tree === undefined) throw new Error('not a tree')
  return tree
}

function only<T>(vectors: readonly T[]): T {
  const [vector, ...rest] = vectors
  if (vector === undefined || rest.length > 0) throw new Error('not one vector')
  return vector
}

describe.runIf(haveVectors)(titled('the RFC 9420 vectors'), () => {
  it('crypto-basics: hashes, labels, signatures and HPKE of our provider', async () => {
    const vector = only(
      ofOurSuite(
        loadVectors<
          OfSuite<{
            derive_secret: { label: string; secret: Hex; out: Hex }
            derive_tree_secret: { label: string; secret: Hex; generation: number; length: number; out: Hex }
            encrypt_with_label: { label: string; context: Hex; priv: Hex; kem_output: Hex; ciphertext: Hex; plaintext: Hex }
            expand_with_label: { label: string; secret: Hex; context: Hex; length: number; out: Hex }
            ref_hash: { label: string; value: Hex; out: Hex }
            sign_with_label: { label: string; content: Hex; priv: Hex; pub: Hex; signature: Hex }
          }>
        >('crypto-basics'),
      ),
    )
    const { derive_secret: d, derive_tree_secret: t, expand_with_label: x, encrypt_with_label: e, ref_hash: r, sign_with_label: s } = vector
    expect(toHex(await deriveSecret(hex(d.secret), d.label, suite.kdf))).toBe(d.out)
    expect(toHex(await deriveTreeSecret(hex(t.secret), t.label, t.generation, t.length, suite.kdf))).toBe(t.out)
    expect(toHex(await expandWithLabel(hex(x.secret), x.label, hex(x.context), x.length, suite.kdf))).toBe(x.out)
    expect(toHex(await refhash(r.label, hex(r.value), suite.hash))).toBe(r.out)
    const key = await suite.hpke.importPrivateKey(hex(e.priv))
    const opened = await decryptWithLabel(key, e.label, hex(e.context), hex(e.kem_output), hex(e.ciphertext), suite.hpke)
    expect(toHex(opened)).toBe(e.plaintext)
    expect(toHex(await signWithLabel(hex(s.priv), s.label, hex(s.content), suite.signature))).toBe(s.signature)
    expect(await verifyWithLabel(hex(s.pub), s.label, hex(s.content), hex(s.signature), suite.signature)).toBe(true)
  })

  it('deserialization: lengths of vectors, read by the library and written by us', () => {
    for (const { vlbytes_header: header, length } of loadVectors<{ vlbytes_header: Hex; length: number }>('deserialization')) {
      expect(determineLength(hex(header)).length).toBe(length)
      if (length < 2 ** 20) expect(toHex(opaque(new Uint8Array(length)).subarray(0, header.length / 2))).toBe(header)
    }
  })

  it('messages: each is decoded and encodes to the same bytes', () => {
    const kinds = [
      'mls_welcome',
      'mls_group_info',
      'mls_key_package',
      'public_message_application',
      'public_message_commit',
      'private_message',
    ]
    const vectors = loadVectors<Record<string, Hex>>('messages').filter((_, i) => i % 5 === 0)
    expect(vectors.length).toBeGreaterThan(50)
    for (const vector of vectors) {
      for (const kind of kinds) {
        const bytes = hex(vector[kind] ?? '')
        const decoded = decodeMessage(bytes)
        expect(decoded, kind).not.toBeNull()
        if (decoded !== null) expect(encode(mlsMessageEncoder, decoded)).toEqual(bytes)
        expect(decodeMessage(bytes.subarray(0, -1))).toBeNull()
      }
    }
  })

  it('secret-tree: keys and nonces of every leaf and generation', async () => {
    type Generation = { generation: number } & Record<'application_key' | 'application_nonce' | 'handshake_key' | 'handshake_nonce', Hex>
    type Vector = OfSuite<{ encryption_secret: Hex; leaves: Generation[][] }>
    const retention = { retainKeysForGenerations: 10, retainKeysForEpochs: 0, maximumForwardRatchetSteps: 1000 }
    const vectors = ofOurSuite(loadVectors<Vector>('secret-tree'))
    expect(vectors).toHaveLength(3)
    for (const { encryption_secret, leaves } of vectors) {
      const root = createSecretTree(leaves.length, hex(encryption_secret))
      for (const [leaf, generations] of leaves.entries()) {
        for (const expected of generations) {
          const reuseGuard = new Uint8Array(4) as Parameters<typeof ratchetToGeneration>[1]['reuseGuard']
          const sender = { leafIndex: leaf, generation: expected.generation, reuseGuard }
          const application = await ratchetToGeneration(root, sender, contentTypes.application, retention, suite)
          expect(toHex(application.key)).toBe(expected.application_key)
          expect(toHex(application.nonce)).toBe(expected.application_nonce)
          const handshake = await ratchetToGeneration(root, sender, contentTypes.commit, retention, suite)
          expect(toHex(handshake.key)).toBe(expected.handshake_key)
          expect(toHex(handshake.nonce)).toBe(expected.handshake_nonce)
        }
      }
    }
  })

  it('key-schedule: every secret of every epoch, and the exporter', async () => {
    type Secrets = 'commit_secret' | 'psk_secret' | 'group_context' | 'welcome_secret' | 'encryption_secret' | 'joiner_secret'
    type Schedule = 'sender_data_secret' | 'exporter_secret' | 'external_secret' | 'confirmation_key' | 'membership_key'
    type Rest = 'resumption_psk' | 'epoch_authenticator' | 'init_secret' | 'external_pub'
    type Epoch = Record<Secrets | Schedule | Rest, Hex> & { exporter: { label: string; context: Hex; length: number; secret: Hex } }
    const vector = only(ofOurSuite(loadVectors<OfSuite<{ initial_init_secret: Hex; epochs: Epoch[] }>>('key-schedule')))
    let init = hex(vector.initial_init_secret)
    for (const epoch of vector.epochs) {
      const context = decode(groupContextDecoder, hex(epoch.group_context)) as GroupContext
      const made = await initializeEpoch(init, hex(epoch.commit_secret), context, hex(epoch.psk_secret), suite.kdf)
      const { keySchedule } = made
      const got: Partial<Record<Secrets | Schedule | Rest, Uint8Array>> = {
        welcome_secret: made.welcomeSecret,
        encryption_secret: made.encryptionSecret,
        joiner_secret: made.joinerSecret,
        sender_data_secret: keySchedule.senderDataSecret,
        exporter_secret: keySchedule.exporterSecret,
        external_secret: keySchedule.externalSecret,
        confirmation_key: keySchedule.confirmationKey,
        membership_key: keySchedule.membershipKey,
        resumption_psk: keySchedule.resumptionPsk,
        epoch_authenticator: keySchedule.epochAuthenticator,
        init_secret: keySchedule.initSecret,
        external_pub: await suite.hpke.exportPublicKey((await suite.hpke.deriveKeyPair(keySchedule.externalSecret)).publicKey),
      }
      for (const [name, secret] of Object.entries(got)) expect(toHex(secret), name).toBe(epoch[name as Secrets])
      const { label, context: about, length, secret } = epoch.exporter
      expect(toHex(await mlsExporter(keySchedule.exporterSecret, label, hex(about), length, suite))).toBe(secret)
      init = keySchedule.initSecret
    }
  })

  it('message-protection: private messages open, and our reading of their sender is the library’s', async () => {
    type Names = 'group_id' | 'tree_hash' | 'confirmed_transcript_hash' | 'signature_pub' | 'encryption_secret' | 'sender_data_secret'
    type Vector = OfSuite<Record<Names | 'application' | 'application_priv', Hex> & { epoch: number }>
    const vector = only(ofOurSuite(loadVectors<Vector>('message-protection')))
    const message = decode(mlsMessageDecoder, hex(vector.application_priv))
    if (message?.wireformat !== wireformats.mls_private_message) throw new Error('misfiled')
    const groupContext: GroupContext = {
      version: 1,
      cipherSuite: 1,
      groupId: hex(vector.group_id),
      epoch: BigInt(vector.epoch),
      treeHash: hex(vector.tree_hash),
      confirmedTranscriptHash: hex(vector.confirmed_transcript_hash),
      extensions: [],
    }
    const leaf = { nodeType: nodeTypes.leaf, leaf: { signaturePublicKey: hex(vector.signature_pub) } } as RatchetTree[number]
    const senderDataSecret = hex(vector.sender_data_secret)
    const tree = createSecretTree(2, hex(vector.encryption_secret))
    const retention = { retainKeysForGenerations: 10, retainKeysForEpochs: 0, maximumForwardRatchetSteps: 10 }
    const pm = message.privateMessage
    const opened = await unprotectPrivateMessage(senderDataSecret, pm, tree, [leaf, undefined, leaf], groupContext, retention, suite)
    const { content } = opened.content
    if (content.contentType !== contentTypes.application) throw new Error('not an application message')
    expect(toHex(content.applicationData)).toBe(vector.application)
    const sender = openSenderData(suites[X25519_SUITE], senderDataSecret, pm)
    expect(content.sender).toMatchObject({ leafIndex: sender.leafIndex })
    expect(sender.generation).toBe(0)
  })

  it('tree-validation: hashes, resolutions, parent hashes and leaf signatures', async () => {
    const vectors = ofOurSuite(
      loadVectors<OfSuite<{ tree: Hex; group_id: Hex; tree_hashes: Hex[]; resolutions: number[][] }>>('tree-validation'),
    )
    expect(vectors).toHaveLength(14)
    for (const vector of vectors) {
      const tree = treeOf(vector.tree)
      for (const [i, expected] of vector.tree_hashes.entries()) {
        expect(toHex(await treeHash(tree, toNodeIndex(i), suite.hash))).toBe(expected)
        expect(resolution(tree, toNodeIndex(i))).toEqual(vector.resolutions[i])
      }
      expect(await verifyParentHashes(tree, suite.hash)).toBe(true)
      for (const [i, node] of tree.entries()) {
        if (node?.nodeType !== nodeTypes.leaf) continue
        expect(await verifyLeafNodeSignature(node.leaf, hex(vector.group_id), i / 2, suite.signature)).toBe(true)
      }
    }
  })

  it('tree-operations: trees after an addition, an update and a removal', async () => {
    type Vector = OfSuite<
      Record<'proposal' | 'tree_before' | 'tree_after' | 'tree_hash_before' | 'tree_hash_after', Hex> & { proposal_sender: number }
    >
    for (const vector of loadVectors<Vector>('tree-operations')) {
      const tree = treeOf(vector.tree_before)
      expect(toHex(await treeHashRoot(tree, suite.hash))).toBe(vector.tree_hash_before)
      const proposal = decode(proposalDecoder, hex(vector.proposal))
      if (proposal !== undefined && 'add' in proposal) addLeafNodeMutable(tree, proposal.add.keyPackage.leafNode)
      else if (proposal !== undefined && 'remove' in proposal) removeLeafNodeMutable(tree, toLeafIndex(proposal.remove.removed))
      else if (proposal !== undefined && 'update' in proposal) {
        updateLeafNodeMutable(tree, proposal.update.leafNode, toLeafIndex(vector.proposal_sender))
      } else throw new Error('another proposal')
      expect(toHex(encode(ratchetTreeEncoder, tree))).toBe(vector.tree_after)
      expect(toHex(await treeHashRoot(tree, suite.hash))).toBe(vector.tree_hash_after)
    }
  })

  it('welcome: group secrets and group info open with our provider', async () => {
    const vector = only(ofOurSuite(loadVectors<OfSuite<Record<'init_priv' | 'key_package' | 'signer_pub' | 'welcome', Hex>>>('welcome')))
    const [welcome, offered] = [decode(mlsMessageDecoder, hex(vector.welcome)), decode(mlsMessageDecoder, hex(vector.key_package))]
    if (welcome?.wireformat !== wireformats.mls_welcome || offered?.wireformat !== wireformats.mls_key_package) throw new Error('misfiled')
    const reference = await makeKeyPackageRef(offered.keyPackage, suite.hash)
    const key = await suite.hpke.importPrivateKey(fromHex(vector.init_priv))
    const secrets = await decryptGroupSecrets(key, reference, welcome.welcome, suite.hpke)
    if (secrets === undefined) throw new Error('no secrets')
    const info = await decryptGroupInfo(welcome.welcome, secrets.joinerSecret, new Uint8Array(suite.kdf.size), suite)
    expect(info?.groupContext.cipherSuite).toBe(1)
  })
})
