import { defaultCredentialTypes, isDefaultCredential } from 'ts-mls'
import type { AuthenticationService, Credential, LeafNode } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { verifyCredential } from '../../identity/index.ts'
import type { CredentialSubject } from '../../identity/index.ts'

export const credentialOf = (encoded: Uint8Array): Credential => ({ credentialType: defaultCredentialTypes.basic, identity: encoded })

/** Our chain travels as the identity of a basic credential. Null for any other. */
export const encodedCredential = (credential: Credential): Uint8Array | null =>
  isDefaultCredential(credential) && credential.credentialType === defaultCredentialTypes.basic ? credential.identity : null

/** Who holds a leaf key of this group, if the chain of its credential holds; else null. */
export function authenticate(groupId: GroupId, credential: Credential, leafKey: Uint8Array): CredentialSubject | null {
  const encoded = encodedCredential(credential)
  return encoded === null ? null : verifyCredential(encoded, groupId, leafKey)
}

/** The authentication service of RFC 9420 §5.3.1 for one group: asked for every leaf of a tree, a key package or a path. */
export const authenticationService = (groupId: GroupId): AuthenticationService => ({
  validateCredential: async (credential, leafKey) => authenticate(groupId, credential, leafKey) !== null,
})

/** Leaves are never changed in place, so what was found of one holds for as long as it exists. */
const known = new WeakMap<LeafNode, { groupId: GroupId; subject: CredentialSubject | null }>()

export function subjectOfLeaf(groupId: GroupId, leaf: LeafNode): CredentialSubject | null {
  const found = known.get(leaf)
  if (found?.groupId === groupId) return found.subject
  const subject = authenticate(groupId, leaf.credential, leaf.signaturePublicKey)
  known.set(leaf, { groupId, subject })
  return subject
}
