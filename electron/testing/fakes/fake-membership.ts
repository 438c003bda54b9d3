import { createHmac } from 'node:crypto'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { equalBytes, utf8 } from '../../kernel/bytes.ts'
import type { MembershipProof, MembershipProver, ProofRole } from '../../ports/network.ts'

/** A group as its members know it: change `members` and everybody's next proof follows. */
export interface FakeGroup {
  groupId: GroupId
  /** What only members know. */
  presenceKey: Uint8Array
  /** By leaf index. */
  members: MemberId[]
}

export interface FakeMembership extends MembershipProver {
  /** Which group each `prove` was asked for, in order. */
  readonly proven: GroupId[]
}

/** Proofs as the port describes them, with HMAC where the real one signs. `groups` is read at every call. */
export function createFakeMembership(memberId: MemberId, groups: readonly FakeGroup[]): FakeMembership {
  const proven: GroupId[] = []
  const find = (groupId: GroupId): FakeGroup | undefined => groups.find((group) => group.groupId === groupId)
  return {
    proven,
    tags: (binding, role) => groups.map((group) => tagOf(group, binding, role)),
    recognise: (binding, role, tags) =>
      groups.filter((group) => tags.some((tag) => equalBytes(tag, tagOf(group, binding, role)))).map((group) => group.groupId),
    prove: (groupId, binding, role) => {
      const group = find(groupId)
      if (group === undefined || !group.members.includes(memberId)) return null
      proven.push(groupId)
      return {
        tag: tagOf(group, binding, role),
        leafIndex: group.members.indexOf(memberId),
        signature: signatureOf(group, memberId, binding, role),
      }
    },
    verify: (groupId, binding, role, proof: MembershipProof) => {
      const group = find(groupId)
      const signer = group?.members[proof.leafIndex]
      if (group === undefined || signer === undefined) return null
      return equalBytes(proof.signature, signatureOf(group, signer, binding, role)) ? { groupId, memberId: signer } : null
    },
  }
}

const tagOf = (group: FakeGroup, binding: Uint8Array, role: ProofRole): Uint8Array =>
  new Uint8Array(createHmac('sha256', group.presenceKey).update(role).update(binding).digest())

const signatureOf = (group: FakeGroup, member: MemberId, binding: Uint8Array, role: ProofRole): Uint8Array =>
  new Uint8Array(
    createHmac('sha512', utf8(`${group.groupId}:${member}`))
      .update(role)
      .update(binding)
      .digest(),
  )
