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

/** Who holds a leaf key of this group, if the chain of its credential holds; else null. */
export function authenticate(groupId: GroupId, credential: Credential, leafKey: Uint8Array): CredentialSubject | null {
  const found = known.get(credential)
  if (found?.groupId === groupId && equalBytes(found.leafKey, leafKey)) return found.subject
  const encoded = encodedCredential(credential)
  const subject = encoded === null ? null : verifyCredential(encoded, groupId, leafKey)
  known.set(credential, { groupId, leafKey: copyBytes(leafKey), subject })
  return subject
}

/** The authentication service of RFC 9420 §5.3.1 for one group: asked for every leaf of a tree, a key package or a path. */
export const authenticationService = (groupId: GroupId): AuthenticationService => ({
  validateCredential: async (credential, leafKey) => authenticate(groupId, credential, leafKey) !== null,
})

export const subjectOfLeaf = (groupId: GroupId, leaf: LeafNode): CredentialSubject | null =>
  authenticate(groupId, leaf.credential, leaf.signaturePublicKey)
