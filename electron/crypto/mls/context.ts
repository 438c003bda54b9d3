import { defaultKeyPackageEqualityConfig, defaultPaddingConfig, defaultProposalTypes, isDefaultProposal, proposalOrRefTypes } from 'ts-mls'
import type { CiphersuiteImpl, ClientConfig, ClientState, GroupContext, GroupContextExtension, MlsContext, ProposalOrRef } from 'ts-mls'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import { authenticationService } from './authentication.ts'
import { settingsOf } from './extensions.ts'
import { FORWARD_GENERATIONS, LEAVES, PROPOSALS, SKIPPED_GENERATIONS } from './limits.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { isSuiteId, suites } from './provider/suites.ts'
import type { SuiteId, SuiteParts } from './provider/suites.ts'
import { Refusal } from './reject.ts'
import { scopeOf } from './roster.ts'

/** What the parts of the engine share. Holds no group. */
export interface Toolbox {
  clock: Clock
  random: Random
  logger: Logger
  /** Of new groups and key packages. */
  suiteId: SuiteId
  suite(id: number): CiphersuiteImpl
  /** What that suite is made of, without promises. */
  parts(id: number): SuiteParts
  /** `scope`: what the leaves are certified for. */
  context(scope: GroupId, suiteId: number): MlsContext
  contextOf(client: ClientState): MlsContext
  /** Seconds since the Unix epoch. */
  now(): bigint
}

const ALLOWED: ReadonlySet<number> = new Set([
  defaultProposalTypes.add,
  defaultProposalTypes.remove,
  defaultProposalTypes.group_context_extensions,
])

/** Called by the library before it spends work on a commit. By value only: so that what a commit does is all in the commit. */
function inspectProposals(proposals: readonly ProposalOrRef[]): void {
  if (proposals.length > PROPOSALS) throw new Refusal('unsupported', 'too many proposals')
  for (const entry of proposals) {
    if (entry.proposalOrRefType !== proposalOrRefTypes.proposal) throw new Refusal('unsupported', 'a proposal by reference')
    const { proposal } = entry
    if (!ALLOWED.has(proposal.proposalType)) throw new Refusal('unsupported', 'a proposal of a kind we do not use')
    if (isDefaultProposal(proposal) && proposal.proposalType === defaultProposalTypes.group_context_extensions)
      inspectExtensions(proposal.groupContextExtensions.extensions)
  }
}

/** Every leaf is held against them, so what is not of our form must not get as far. */
function inspectExtensions(extensions: readonly GroupContextExtension[]): void {
  if (settingsOf(extensions) === null) throw new Refusal('unsupported', 'extensions we do not use')
}

function inspectTree(tree: readonly unknown[], { extensions }: GroupContext): void {
  if (tree.length > LEAVES * 2) throw new Refusal('unsupported', 'too many leaves')
  inspectExtensions(extensions)
}

export function makeToolbox(parts: { clock: Clock; random: Random; logger: Logger; suiteId: SuiteId }): Toolbox {
  const now = () => BigInt(Math.floor(parts.clock.now() / 1000))
  const clientConfig: ClientConfig = {
    keyRetentionConfig: {
      retainKeysForGenerations: SKIPPED_GENERATIONS,
      maximumForwardRatchetSteps: FORWARD_GENERATIONS,
      // whoever keeps past epochs keeps whole states, by eid: two branches may share an epoch number
      retainKeysForEpochs: 0,
    },
    // who receives does not judge lifetimes: members read a commit at different times and must agree on it (RFC 9420 §7.3)
    lifetimeConfig: { maximumTotalLifetime: 0n, validateLifetimeOnReceive: false, currentTime: now },
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    paddingConfig: defaultPaddingConfig,
    inspectProposals,
    inspectTree,
  }
  const made = new Map<SuiteId, CiphersuiteImpl>()
  const partsOf = (id: number): SuiteParts => {
    invariant(isSuiteId(id), 'a state of a suite we do not have')
    return suites[id]
  }
  const suite = (id: number): CiphersuiteImpl => {
    invariant(isSuiteId(id), 'a state of a suite we do not have')
    const found = made.get(id) ?? makeCipherSuite(suites[id], (length) => parts.random.bytes(length))
    made.set(id, found)
    return found
  }
  const context = (scope: GroupId, suiteId: number): MlsContext => ({
    cipherSuite: suite(suiteId),
    authService: authenticationService(scope),
    clientConfig,
  })
  return {
    ...parts,
    now,
    suite,
    parts: partsOf,
    context,
    contextOf: (client) => context(scopeOf(client), client.groupContext.cipherSuite),
  }
}
