import { contentTypes, decode, pskTypes } from 'ts-mls'
import type { GroupContext, PskId, RatchetTree } from 'ts-mls'
import { describe, expect, it } from 'vitest'
import { authenticatedContentDecoder } from '../../../node_modules/ts-mls/dist/src/authenticatedContent.js'
import { applyUpdatePathSecret } from '../../../node_modules/ts-mls/dist/src/createCommit.js'
import { deriveSecret } from '../../../node_modules/ts-mls/dist/src/crypto/kdf.js'
import { createConfirmationTag } from '../../../node_modules/ts-mls/dist/src/framedContent.js'
import { mergePrivateKeyPaths, toPrivateKeyPath } from '../../../node_modules/ts-mls/dist/src/privateKeyPath.js'
import { accumulatePskSecret } from '../../../node_modules/ts-mls/dist/src/pskIndex.js'
import { filteredDirectPath, ratchetTreeDecoder } from '../../../node_modules/ts-mls/dist/src/ratchetTree.js'
import { createConfirmedHash, createInterimHash } from '../../../node_modules/ts-mls/dist/src/transcriptHash.js'
import { treeHashRoot } from '../../../node_modules/ts-mls/dist/src/treeHash.js'
import * as treeMath from '../../../node_modules/ts-mls/dist/src/treemath.js'
import { applyUpdatePath, updatePathDecoder } from '../../../node_modules/ts-mls/dist/src/updatePath.js'
import { toHex } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { haveVectors, hex, loadVectors, ofOurSuite, titled } from '../../testing/mls/vectors.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { isAbove } from './state.ts'

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))
const { toLeafIndex, toNodeIndex } = treeMath

type Hex = string
type OfSuite<T> = T & { cipher_suite: number }

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('does not decode')
  return value
}

describe.runIf(haveVectors)(titled('the RFC 9420 vectors of trees and transcripts'), () => {
  it('tree-math: root, children, parent and sibling of every node, and what is above a leaf', () => {
    type Vector = { n_leaves: number; n_nodes: number; root: number } & Record<'left' | 'right' | 'parent' | 'sibling', (number | null)[]>
    const vectors = loadVectors<Vector>('tree-math')
    expect(vectors).toHaveLength(10)
    for (const { n_leaves: leaves, n_nodes: nodes, root, left, right, parent, sibling } of vectors) {
      expect([treeMath.root(leaves), treeMath.nodeWidth(leaves), treeMath.leafWidth(nodes)]).toEqual([root, nodes, leaves])
      for (let i = 0; i < nodes; i += 1) {
        const node = toNodeIndex(i)
        if (!treeMath.isLeaf(node)) expect([treeMath.left(node), treeMath.right(node)]).toEqual([left[i], right[i]])
        if (i === root) continue
        expect([treeMath.parent(node, leaves), treeMath.sibling(node, leaves)]).toEqual([parent[i], sibling[i]])
        if (treeMath.isLeaf(node)) expect(isAbove(parent[i] ?? -1, i / 2)).toBe(true)
      }
    }
  })

  it('transcript-hashes: confirmed and interim, and the confirmation tag', async () => {
    type Names = 'confirmation_key' | 'authenticated_content' | 'interim_transcript_hash_before'
    type After = 'confirmed_transcript_hash_after' | 'interim_transcript_hash_after'
    const vectors = ofOurSuite(loadVectors<OfSuite<Record<Names | After, Hex>>>('transcript-hashes'))
    expect(vectors).toHaveLength(1)
    for (const vector of vectors) {
      const { wireformat, content, auth } = known(decode(authenticatedContentDecoder, hex(vector.authenticated_content)))
      if (content.contentType !== contentTypes.commit || auth.contentType !== contentTypes.commit) throw new Error('not a commit')
      const { signature, confirmationTag } = auth
      const before = hex(vector.interim_transcript_hash_before)
      const confirmed = await createConfirmedHash(before, { wireformat, content, signature }, suite.hash)
      expect(toHex(confirmed)).toBe(vector.confirmed_transcript_hash_after)
      expect(toHex(await createConfirmationTag(hex(vector.confirmation_key), confirmed, suite.hash))).toBe(toHex(confirmationTag))
      expect(toHex(await createInterimHash(confirmed, confirmationTag, suite.hash))).toBe(vector.interim_transcript_hash_after)
    }
  })

  it('psk_secret: of none, one and several', async () => {
    type Vector = OfSuite<{ psks: Record<'psk_id' | 'psk' | 'psk_nonce', Hex>[]; psk_secret: Hex }>
    const vectors = ofOurSuite(loadVectors<Vector>('psk_secret'))
    expect(vectors).toHaveLength(11)
    for (const { psks, psk_secret: expected } of vectors) {
      const ids = psks.map((psk): PskId => ({ psktype: pskTypes.external, pskId: hex(psk.psk_id), pskNonce: hex(psk.psk_nonce) }))
      const findPsk = (id: PskId) => psks.map((psk) => hex(psk.psk))[ids.indexOf(id)]
      const [secret] = await accumulatePskSecret(ids, { findPsk }, suite, new Uint8Array(suite.kdf.size))
      expect(toHex(secret)).toBe(expected)
    }
  })

  it('treekem: every member finds the path secret that is meant for it, and all the same commit secret', async () => {
    interface Leaf {
      index: number
      encryption_priv: Hex
      path_secrets: { node: number; path_secret: Hex }[]
    }
    interface Path {
      sender: number
      update_path: Hex
      path_secrets: (Hex | null)[]
      commit_secret: Hex
      tree_hash_after: Hex
    }
    type Names = 'confirmed_transcript_hash' | 'group_id' | 'ratchet_tree'
    type Vector = OfSuite<Record<Names, Hex> & { epoch: number; leaves_private: Leaf[]; update_paths: Path[] }>
    const vectors = ofOurSuite(loadVectors<Vector>('treekem'))
    expect(vectors).toHaveLength(11)
    for (const vector of vectors) {
      for (const { sender, ...expected } of vector.update_paths) {
        const tree: RatchetTree = known(decode(ratchetTreeDecoder, hex(vector.ratchet_tree)))
        const path = known(decode(updatePathDecoder, hex(expected.update_path)))
        await applyUpdatePath(tree, toLeafIndex(sender), path, suite.hash)
        const treeHash = await treeHashRoot(tree, suite.hash)
        expect(toHex(treeHash)).toBe(expected.tree_hash_after)
        const groupContext: GroupContext = {
          version: 1,
          cipherSuite: 1,
          groupId: hex(vector.group_id),
          epoch: BigInt(vector.epoch),
          treeHash,
          confirmedTranscriptHash: hex(vector.confirmed_transcript_hash),
          extensions: [],
        }
        for (const { index, encryption_priv: own, path_secrets: held } of vector.leaves_private) {
          if (index === sender) continue
          const secrets = Object.fromEntries(held.map(({ node, path_secret: secret }) => [node, hex(secret)]))
          const leaf = { leafIndex: index, privateKeys: { [index * 2]: hex(own) } }
          const keys = mergePrivateKeyPaths(await toPrivateKeyPath(secrets, index, suite), leaf)
          const found = await applyUpdatePathSecret(tree, keys, toLeafIndex(sender), groupContext, path, [], suite)
          expect(toHex(found.pathSecret)).toBe(expected.path_secrets[index])
          const above = filteredDirectPath(toLeafIndex(sender), tree)
          let secret = found.pathSecret
          for (let i = above.indexOf(found.nodeIndex); i < above.length; i += 1) secret = await deriveSecret(secret, 'path', suite.kdf)
          expect(toHex(secret)).toBe(expected.commit_secret)
        }
      }
    }
  })
})
