import { nodeTypes } from 'ts-mls'
import type { LeafNode, RatchetTree } from 'ts-mls'
import { LEAF } from './limits.ts'
import { isSuiteId, suites } from './provider/suites.ts'

/**
 * What a leaf may be, beyond what RFC 9420 §7.3 asks. It travels in every Welcome, and everybody encrypts to its key: whoever has
 * one could make it too heavy for the former, so that nobody can join any more, or useless for the latter, so that nobody can commit.
 */
export function leafProblem({ hpkePublicKey, capabilities, extensions }: LeafNode, suiteId: number): string | null {
  if (!isKeyOf(suiteId, hpkePublicKey)) return 'a leaf with a key of another size'
  const { versions, ciphersuites, extensions: types, proposals, credentials } = capabilities
  const listed = [versions, ciphersuites, types, proposals, credentials].reduce((sum, list) => sum + list.length, 0)
  const extensionBytes = extensions.reduce((sum, { extensionData }) => sum + extensionData.length, 0)
  const heavy = listed > LEAF.capabilities || extensions.length > LEAF.extensions || extensionBytes > LEAF.extensionBytes
  return heavy ? 'a leaf with too much in it' : null
}

const isKeyOf = (suiteId: number, key: Uint8Array): boolean => isSuiteId(suiteId) && key.length === suites[suiteId].kem.publicKeySize

/** The same for a leaf that somebody brings now: its key is tried, since a key of the right size may still be none. */
export function newLeafProblem(leaf: LeafNode, suiteId: number): string | null {
  const problem = leafProblem(leaf, suiteId)
  if (problem !== null || !isSuiteId(suiteId)) return problem
  try {
    // nothing is encrypted with what comes of it, so it needs no randomness
    suites[suiteId].kem.encapsulate(leaf.hpkePublicKey, (length) => new Uint8Array(length).fill(1))
    return null
  } catch {
    // a point of small order, or a vector outside of the field
    return 'a leaf with a key that is none'
  }
}

/** Whether every node that a commit put into a tree has a key of the right size. */
export const hasKeysOf = (suiteId: number, before: RatchetTree, after: RatchetTree): boolean =>
  after.every((node, i) => node === before[i] || node?.nodeType !== nodeTypes.parent || isKeyOf(suiteId, node.parent.hpkePublicKey))
