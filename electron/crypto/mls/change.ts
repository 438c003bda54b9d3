import { defaultProposalTypes, isDefaultProposal } from 'ts-mls'
import type { ClientState, Proposal } from 'ts-mls'
import { equalBytes } from '../../kernel/bytes.ts'
import { invariant } from '../../kernel/errors.ts'
import { subjectOfLeaf } from './authentication.ts'
import { parentOf, settingsOf } from './extensions.ts'
import type { AddedLeaf, GroupMember, ProposedChange } from './group-engine.ts'
import { referenceOf } from './key-package.ts'
import { hasKeysOf, newLeafProblem } from './leaf-shape.ts'
import { LEAVES, LIFETIME } from './limits.ts'
import { Refusal } from './reject.ts'
import { groupIdOf, leafAt, leaves, oneLeafEach, parentOfGroup, placesFor, rosterOf, scopeOf } from './roster.ts'

/** The settings of a state of ours, which were checked when it was entered. */
export function currentSettings(client: ClientState): Uint8Array {
  const settings = settingsOf(client.groupContext.extensions)
  invariant(settings !== null, 'a state without settings')
  return settings
}

interface Sorted {
  removed: number[]
  added: Omit<AddedLeaf, 'leafIndex'>[]
  settings: Uint8Array | null
}

/** Reads proposals by value, all of kinds we use, already applied by the library to a copy of the tree. */
function sort(client: ClientState, proposals: readonly Proposal[]): Sorted {
  const sorted: Sorted = { removed: [], added: [], settings: null }
  for (const proposal of proposals) {
    if (!isDefaultProposal(proposal)) throw new Refusal('unsupported', 'a proposal of a kind we do not use')
    if (proposal.proposalType === defaultProposalTypes.remove) {
      sorted.removed.push(proposal.remove.removed)
    } else if (proposal.proposalType === defaultProposalTypes.add) {
      const { leafNode } = proposal.add.keyPackage
      const subject = subjectOfLeaf(scopeOf(client), leafNode)
      if (subject === null) throw new Refusal('invalid', 'credential of an added member')
      // not against a clock: every member must come to the same answer whenever it reads this
      const tooLong = 'lifetime' in leafNode && leafNode.lifetime.notAfter - leafNode.lifetime.notBefore > BigInt(LIFETIME.longest)
      if (tooLong) throw new Refusal('invalid', 'key package lives too long')
      const problem = newLeafProblem(leafNode, client.groupContext.cipherSuite)
      if (problem !== null) throw new Refusal('invalid', problem)
      sorted.added.push({ ...subject, signatureKey: leafNode.signaturePublicKey, reference: referenceOf(proposal.add.keyPackage) })
    } else if (proposal.proposalType === defaultProposalTypes.group_context_extensions) {
      const { extensions } = proposal.groupContextExtensions
      sorted.settings = settingsOf(extensions)
      if (sorted.settings === null || parentOf(extensions) !== parentOfGroup(client))
        throw new Refusal('unsupported', 'extensions we do not use')
    } else {
      throw new Refusal('unsupported', 'a proposal of a kind we do not use')
    }
  }
  return sorted
}

/** What a commit would do to this state. Throws `Refusal` where no commit may do it. */
export function describeChange(
  client: ClientState,
  author: GroupMember,
  proposals: readonly Proposal[],
  authenticatedData: Uint8Array,
): ProposedChange {
  const { removed, added, settings } = sort(client, proposals)
  const roster = rosterOf(client)
  const gone = new Set(removed)
  const remaining = roster.filter((member) => !gone.has(member.leafIndex))
  const places = placesFor(
    added.length,
    remaining.map((member) => member.leafIndex),
  )
  const newcomers = added.map((subject, i): AddedLeaf => ({ leafIndex: places[i] ?? -1, ...subject }))
  if (!oneLeafEach([...remaining, ...newcomers])) throw new Refusal('invalid', 'a device would have two leaves')
  if (remaining.length + newcomers.length > LEAVES) throw new Refusal('unsupported', 'too many members')
  const settingsBefore = currentSettings(client)
  return {
    author,
    added: newcomers,
    removed: roster
      .filter((member) => gone.has(member.leafIndex))
      .map((member) => ({ ...member, signatureKey: leafAt(client.ratchetTree, member.leafIndex)?.signaturePublicKey ?? new Uint8Array() })),
    staying: remaining,
    parent: parentOfGroup(client),
    settingsBefore,
    settingsAfter: settings ?? settingsBefore,
    authenticatedData,
  }
}

/**
 * Holds the state the library arrived at against what was described and authorised: that, and nothing else, has changed.
 * Throws `Refusal`.
 */
export function assertOnlyThat(before: ClientState, after: ClientState, change: ProposedChange): void {
  const sameGroup =
    groupIdOf(before) === groupIdOf(after) &&
    parentOfGroup(before) === parentOfGroup(after) &&
    after.groupContext.cipherSuite === before.groupContext.cipherSuite &&
    after.groupContext.epoch === before.groupContext.epoch + 1n &&
    after.groupActiveState.kind === 'active'
  if (!sameGroup) throw new Refusal('invalid', 'a commit to another group')
  const settings = settingsOf(after.groupContext.extensions)
  if (settings === null || !equalBytes(settings, change.settingsAfter)) throw new Refusal('invalid', 'other settings than proposed')

  const removed = new Set(change.removed.map((member) => member.leafIndex))
  const added = new Map(change.added.map((member) => [member.leafIndex, member]))
  const expected = new Set([
    ...rosterOf(before)
      .map((member) => member.leafIndex)
      .filter((i) => !removed.has(i)),
    ...added.keys(),
  ])
  const scope = scopeOf(after)
  const { cipherSuite } = after.groupContext
  if (!hasKeysOf(cipherSuite, before.ratchetTree, after.ratchetTree)) throw new Refusal('invalid', 'a path with a key of another size')
  for (const [leafIndex, leaf] of leaves(after.ratchetTree)) {
    if (!expected.delete(leafIndex)) throw new Refusal('invalid', 'a leaf that was not proposed')
    const newcomer = added.get(leafIndex)
    const earlier = leafAt(before.ratchetTree, leafIndex)
    if (newcomer !== undefined) {
      const same = subjectOfLeaf(scope, leaf)?.deviceId === newcomer.deviceId && equalBytes(leaf.signaturePublicKey, newcomer.signatureKey)
      if (!same) throw new Refusal('invalid', 'another leaf than proposed')
    } else if (leaf !== earlier) {
      // RFC 9420 lets a path bring a new credential and signature key (§7.3); nothing here needs it, so nobody may
      const same =
        earlier !== null &&
        leafIndex === change.author.leafIndex &&
        equalBytes(earlier.signaturePublicKey, leaf.signaturePublicKey) &&
        subjectOfLeaf(scope, leaf) !== null &&
        sameSubject(subjectOfLeaf(scope, leaf), subjectOfLeaf(scope, earlier))
      if (!same) throw new Refusal('invalid', 'a member changed who it is')
      const problem = newLeafProblem(leaf, cipherSuite)
      if (problem !== null) throw new Refusal('invalid', problem)
    }
  }
  if (expected.size > 0) throw new Refusal('invalid', 'a leaf went missing')
}

type Subject = ReturnType<typeof subjectOfLeaf>

const sameSubject = (a: Subject, b: Subject): boolean =>
  a !== null && b !== null && a.memberId === b.memberId && a.deviceId === b.deviceId && a.name === b.name
