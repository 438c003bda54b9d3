import { createHash } from 'node:crypto'
import { defaultCredentialTypes, isDefaultCredential } from 'ts-mls'
import type { AuthenticationService, Credential, LeafNode } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { verifyCredential } from '../../identity/index.ts'
import type { CredentialSubject } from '../../identity/index.ts'
import { copyBytes, equalBytes } from '../../kernel/bytes.ts'

export const credentialOf = (encoded: Uint8Array): Credential => ({ credentialType: defaultCredentialTypes.basic, identity: encoded })

/** Our chain travels as the identity of a basic credential. Null for any other. */
export const encodedCredential = (credential: Credential): Uint8Array | null =>
  isDefaultCredential(credential) && credential.credentialType === defaultCredentialTypes.basic ? credential.identity : null

interface Found {
  groupId: GroupId
  leafKey: Uint8Array
  subject: CredentialSubject | null
}

/**
 * Credentials are never changed in place, so what was found of one holds for as long as it exists; two signatures of each leaf are
 * most of what it costs to join. A leaf key is copied: what is asked of another one is another question.
 */
const known = new WeakMap<Credential, Found>()

/** The same credential comes again with each state that is read, and with each commit of its leaf. */
const KEPT = 4_096
/** Those that hold, by all that was asked; what was asked least recently goes first. */
const holding = new Map<string, CredentialSubject>()

function verifyOnce(encoded: Uint8Array, groupId: GroupId, leafKey: Uint8Array): CredentialSubject | null {
  // With its length, so that no two questions look alike.
  const question = createHash('sha256').update(`${groupId} ${leafKey.length} `).update(leafKey).update(encoded).digest('base64')
  const subject = holding.get(question) ?? verifyCredential(encoded, groupId, leafKey)
  if (subject === null) return null
  holding.delete(question)
  holding.set(question, subject)
  const [oldest] = holding.keys()
  if (holding.size > KEPT && oldest !== undefined) holding.delete(oldest)
  return subject
}

/** Who holds a leaf key of this group, if the chain of its credential holds; else null. */
export function authenticate(groupId: GroupId, credential: Credential, leafKey: Uint8Array): CredentialSubject | null {
  const found = known.get(credential)
  if (found?.groupId === groupId && equalBytes(found.leafKey, leafKey)) return found.subject
  const encoded = encodedCredential(credential)
  const subject = encoded === null ? null : verifyOnce(encoded, groupId, leafKey)
  known.set(credential, { groupId, leafKey: copyBytes(leafKey), subject })
  return subject
}

/** The authentication service of RFC 9420 §5.3.1 for one group: asked for every leaf of a tree, a key package or a path. */
export const authenticationService = (groupId: GroupId): AuthenticationService => ({
  validateCredential: async (credential, leafKey) => authenticate(groupId, credential, leafKey) !== null,
})

export const subjectOfLeaf = (groupId: GroupId, leaf: LeafNode): CredentialSubject | null =>
  authenticate(groupId, leaf.credential, leaf.signaturePublicKey)
