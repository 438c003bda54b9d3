import { beforeAll, describe, expect, it } from 'vitest'
import { defaultProposalTypes, nodeTypes } from 'ts-mls'
import type { Proposal, UpdatePath } from 'ts-mls'
import { decryptWithLabel } from '../../../node_modules/ts-mls/dist/src/crypto/hpke.js'
import { groupContextEncoder } from '../../../node_modules/ts-mls/dist/src/groupContext.js'
import { createCommit, encode, wireformats } from 'ts-mls'
import { forgePathlessCommit, byValue } from '../../testing/mls/forge.ts'
import { commitBy, gather, NONE, outcome, stateOf, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { systemRandom } from '../../kernel/random.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { createLocalIdentity } from '../../identity/index.ts'
import { authenticationService } from './authentication.ts'
import { extensionsWith } from './extensions.ts'
import { openKeyPackage } from './key-package.ts'
import { makeToolbox } from './context.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { unwrap } from './state.ts'

const suite = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))
const remove = (removed: number): Proposal => ({ proposalType: defaultProposalTypes.remove, remove: { removed } })
const settings: Proposal = {
  proposalType: defaultProposalTypes.group_context_extensions,
  groupContextExtensions: { extensions: extensionsWith(utf8('settings 1'), null) },
}

describe('a removed member', () => {
  let party: Party
  beforeAll(async () => {
    party = await gather(['Alice', 'Bob', 'Carol', 'Dave', 'Erin'])
  })

  it('is told so, and has nothing to follow with', async () => {
    const made = await commitBy(party, 0, { removeLeaves: [2] })
    const received = await party.engine.receive(stateOf(party, 2), made.commit, yes)
    expect(received.ok && received.value.kind).toBe('removed')
    expect(received.ok && 'state' in received.value).toBe(false)
    const { message } = await party.engine.encrypt(made.state, utf8('without Carol'), NONE)
    expect(await outcome(party.engine.receive(stateOf(party, 2), message, yes))).toBe('wrong-epoch')
  })

  it('is told so even if a newcomer takes its leaf in the same commit', async () => {
    const frank = createLocalIdentity(party.groupId, 'Frank', party.random)
    const pair = await party.engine.keyPackage(party.groupId, frank)
    const made = await commitBy(party, 0, { removeLeaves: [2], add: [pair.publicPackage] })
    expect(party.engine.members(made.state)[2]?.name).toBe('Frank')
    expect(await outcome(party.engine.receive(stateOf(party, 2), made.commit, yes))).toBe('removed')
    expect(await outcome(party.engine.receive(stateOf(party, 3), made.commit, yes))).toBe('commit')
  })

  /** Every private key the member ever had, tried on every secret in the path, under the group context they are sealed for. */
  async function opened(keyHolder: number, removed: number): Promise<number> {
    const before = unwrap(stateOf(party, 0))
    const made = await createCommit({
      context: { cipherSuite: suite, authService: authenticationService(party.groupId) },
      state: before,
      extraProposals: [remove(removed), settings],
      wireAsPublicMessage: true,
    })
    if (made.commit.wireformat !== wireformats.mls_public_message) throw new Error('not public')
    const { content } = made.commit.publicMessage
    const path: UpdatePath | undefined = 'commit' in content ? content.commit.path : undefined
    if (path === undefined) throw new Error('no path')
    const { extensions, treeHash } = made.newState.groupContext
    const sealedFor = encode(groupContextEncoder, { ...before.groupContext, epoch: before.groupContext.epoch + 1n, extensions, treeHash })
    let count = 0
    for (const raw of Object.values(unwrap(stateOf(party, keyHolder)).privatePath.privateKeys)) {
      const key = await suite.hpke.importPrivateKey(raw)
      for (const { kemOutput, ciphertext } of path.nodes.flatMap((node) => node.encryptedPathSecret)) {
        const attempt = decryptWithLabel(key, 'UpdatePathNode', sealedFor, kemOutput, ciphertext, suite.hpke)
        count += await attempt.then(
          () => 1,
          () => 0,
        )
      }
    }
    return count
  }

  it('who holds every byte opens no secret of the path, while each of the others does', async () => {
    expect(await opened(2, 2)).toBe(0)
    for (const other of [1, 3, 4]) expect(await opened(other, 2)).toBeGreaterThan(0)
  })

  it('leaves no private key of a blanked node behind in those who stay', async () => {
    const renewed = await commitBy(party, 1, {})
    const followed = await party.engine.receive(stateOf(party, 4), renewed.commit, yes)
    if (!followed.ok || followed.value.kind !== 'commit') throw new Error('not followed')
    const removal = await party.engine.commit(renewed.state, { removeLeaves: [0], authenticatedData: NONE })
    if (!removal.ok) throw new Error(removal.error.detail)
    const after = await party.engine.receive(followed.value.state, removal.value.commit, yes)
    if (!after.ok || after.value.kind !== 'commit') throw new Error('not followed')
    const { privatePath, ratchetTree } = unwrap(after.value.state)
    for (const node of Object.keys(privatePath.privateKeys)) expect(ratchetTree[Number(node)]?.nodeType).toBeDefined()
    expect(ratchetTree[privatePath.leafIndex * 2]?.nodeType).toBe(nodeTypes.leaf)
  })
})

describe('a commit without a path', () => {
  it('is rejected if it removes anyone or changes settings or does nothing, and accepted if it only adds', async () => {
    const party = await gather(['Alice', 'Bob', 'Carol'])
    const mallory = unwrap(stateOf(party, 1))
    const judge = async (proposals: Proposal[]) => {
      const commit = await forgePathlessCommit(mallory, suite, byValue(proposals), { honest: true })
      return party.engine.receive(stateOf(party, 0), commit, yes)
    }
    const rejected = { reason: 'invalid', detail: 'commit: ValidationError' }
    expect(await judge([remove(2)])).toEqual({ ok: false, error: rejected })
    expect(await judge([settings])).toEqual({ ok: false, error: rejected })
    expect(await judge([])).toEqual({ ok: false, error: rejected })

    const dave = createLocalIdentity(party.groupId, 'Dave', party.random)
    const { publicPackage } = await party.engine.keyPackage(party.groupId, dave)
    const tools = makeToolbox({ clock: party.clock, random: party.random, logger: silentLogger, suiteId: X25519_SUITE })
    const read = await openKeyPackage(tools, party.groupId, publicPackage)
    if (!read.ok) throw new Error(read.error.detail)
    const added = await judge([{ proposalType: defaultProposalTypes.add, add: { keyPackage: read.value.keyPackage } }])
    expect(added.ok && added.value.kind).toBe('commit')
  })

  it('that would remove its receiver does not make it leave', async () => {
    const party = await gather(['Alice', 'Bob', 'Carol'])
    const commit = await forgePathlessCommit(unwrap(stateOf(party, 1)), suite, byValue([remove(2)]), { honest: true })
    expect(await outcome(party.engine.receive(stateOf(party, 2), commit, yes))).toBe('invalid')
  })
})
