import { createCommit, defaultProposalTypes } from 'ts-mls'
import type { ClientState, Proposal } from 'ts-mls'
import { copyBytes } from '../../kernel/bytes.ts'
import { faultName } from '../../kernel/logger.ts'
import { ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { assertOnlyThat, describeChange } from './change.ts'
import type { Toolbox } from './context.ts'
import { extensionsWith } from './extensions.ts'
import type { CommitRequest, Committed, GroupMember, GroupState, Rejection } from './group-engine.ts'
import { openKeyPackage } from './key-package.ts'
import { AUTHENTICATED_DATA_BYTES, PROPOSALS, SETTINGS_BYTES } from './limits.ts'
import { Refusal, reject, rejectionOf } from './reject.ts'
import { leafAt, memberAt, parentOfGroup, scopeOf } from './roster.ts'
import { enter, unwrap } from './state.ts'
import { encodeMessage } from './wire.ts'

function checkRemovals(client: ClientState, removals: readonly number[]): void {
  if (new Set(removals).size !== removals.length) throw new Refusal('invalid', 'one member removed twice')
  for (const leafIndex of removals) {
    if (leafIndex === client.privatePath.leafIndex) throw new Refusal('invalid', 'nobody can remove itself')
    if (!Number.isInteger(leafIndex) || leafAt(client.ratchetTree, leafIndex) === null) throw new Refusal('invalid', 'no such member')
  }
}

async function additions(tools: Toolbox, client: ClientState, packages: readonly Uint8Array[]): Promise<Proposal[]> {
  const proposals: Proposal[] = []
  for (const bytes of packages) {
    const opened = await openKeyPackage(tools, scopeOf(client), bytes)
    if (!opened.ok) throw new Refusal(opened.error.reason, opened.error.detail)
    const { keyPackage } = opened.value
    if (keyPackage.cipherSuite !== client.groupContext.cipherSuite) throw new Refusal('unsupported', 'key package of another suite')
    proposals.push({ proposalType: defaultProposalTypes.add, add: { keyPackage } })
  }
  return proposals
}

async function proposalsOf(tools: Toolbox, client: ClientState, request: CommitRequest): Promise<Proposal[]> {
  const { add = [], removeLeaves = [], settings } = request
  if (add.length + removeLeaves.length + 1 > PROPOSALS) throw new Refusal('unsupported', 'too many proposals')
  if (settings !== undefined && settings.length > SETTINGS_BYTES) throw new Refusal('unsupported', 'settings too large')
  if (request.authenticatedData.length > AUTHENTICATED_DATA_BYTES) throw new Refusal('unsupported', 'authenticated data too large')
  checkRemovals(client, removeLeaves)
  const extensions = settings === undefined ? null : extensionsWith(copyBytes(settings), parentOfGroup(client))
  return [
    ...removeLeaves.map((removed): Proposal => ({ proposalType: defaultProposalTypes.remove, remove: { removed } })),
    ...(await additions(tools, client, add)),
    ...(extensions === null
      ? []
      : [{ proposalType: defaultProposalTypes.group_context_extensions, groupContextExtensions: { extensions } }]),
  ]
}

/** `GroupEngine.commit`. Without any request it renews the author's keys. */
export async function commit(tools: Toolbox, state: GroupState, request: CommitRequest): Promise<Result<Committed, Rejection>> {
  const client = unwrap(state)
  const author: GroupMember | null = memberAt(scopeOf(client), client.ratchetTree, client.privatePath.leafIndex)
  if (author === null) return reject('invalid', 'not a member')
  try {
    const extraProposals = await proposalsOf(tools, client, request)
    const authenticatedData = copyBytes(request.authenticatedData)
    const change = describeChange(client, author, extraProposals, authenticatedData)
    const made = await createCommit({
      context: tools.contextOf(client),
      state: client,
      extraProposals,
      authenticatedData,
      // The library makes what a Welcome is made of also where there is nobody to welcome: then without the tree, which grows with the group.
      ratchetTreeExtension: change.added.length > 0,
      wireAsPublicMessage: false,
    })
    assertOnlyThat(client, made.newState, change)
    return ok({
      state: enter(made.newState),
      change,
      commit: encodeMessage(made.commit),
      welcome: made.welcome === undefined ? null : encodeMessage(made.welcome),
    })
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) tools.logger.warn('mls.commit-failed', { fault: faultName(thrown) })
    return { ok: false, error: rejectionOf(thrown, 'commit') }
  }
}
