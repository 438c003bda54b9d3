import { expect, it } from 'vitest'
import { nodeTypes } from 'ts-mls'
import type { Hash, RatchetTree } from 'ts-mls'
import { verifyParentHashes } from '../../../node_modules/ts-mls/dist/src/parentHash.js'
import { treeHashRoot } from '../../../node_modules/ts-mls/dist/src/treeHash.js'
import { createLocalIdentity } from '../../identity/index.ts'
import { toHex, utf8 } from '../../kernel/bytes.ts'
import { systemRandom } from '../../kernel/random.ts'
import { commitBy, gather } from '../../testing/mls/party.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE } from './provider/suites.ts'
import { unwrap } from './state.ts'

const { hash } = makeCipherSuite(suites[X25519_SUITE], (n) => systemRandom.bytes(n))

/** The library remembers by the hash it was given, so that one it has not seen has to begin anew. */
const unknown = (): Hash => ({ ...hash })

it('what the library remembers of a tree is what it would compute, after every kind of change and for every tree before', async () => {
  const party = await gather(['Alice', 'Bob', 'Carol', 'Dave', 'Eve'])
  const trees: RatchetTree[] = [unwrap(party.states[0] ?? expect.fail()).ratchetTree]
  const change = async (request: Parameters<typeof commitBy>[2]): Promise<void> => {
    const { state } = await commitBy(party, 0, request)
    party.states[0] = state
    trees.push(unwrap(state).ratchetTree)
  }
  const added = async (): Promise<Uint8Array> =>
    (await party.engine.keyPackage(party.groupId, createLocalIdentity(party.groupId, 'Newcomer', party.random))).publicPackage
  await change({})
  await change({ removeLeaves: [2] })
  await change({ add: [await added()] })
  await change({ add: [await added(), await added()] })
  await change({ removeLeaves: [1, 4], settings: utf8('settings 1') })
  await change({ add: [await added()] })
  await change({ removeLeaves: [5, 6] })
  await change({})
  const [blank, full] = trees
  if (blank === undefined || full === undefined) throw new Error('no trees')
  // a leaf in the place of another, below a blank node and below one with keys, and nothing else changed
  trees.push(blank.with(2, blank[4]).with(4, blank[2]), blank.with(8, undefined), full.with(2, full[4]), full.with(8, undefined))
  const top = full[7]
  if (top?.nodeType !== nodeTypes.parent) throw new Error('a path ends at the root')
  trees.push(full.with(7, { ...top, parent: { ...top.parent, unmergedLeaves: [1] } }))
  trees.push(full.with(7, { ...top, parent: { ...top.parent, parentHash: new Uint8Array(32) } }))

  for (const tree of [...trees, ...trees.toReversed()].flatMap((each) => [full, each])) {
    expect(toHex(await treeHashRoot(tree, hash))).toBe(toHex(await treeHashRoot(tree, unknown())))
    const holding = (by: Hash): Promise<unknown> => verifyParentHashes(tree, by).catch((thrown: unknown) => String(thrown))
    expect(await holding(hash)).toBe(await holding(unknown()))
  }
  expect(new Set(await Promise.all(trees.map(async (tree) => toHex(await treeHashRoot(tree, hash))))).size).toBe(trees.length)
})

it('what it answers with is a copy: to change it changes nothing that is remembered', async () => {
  const { states } = await gather(['Alice', 'Bob'])
  const { ratchetTree, groupContext } = unwrap(states[0] ?? expect.fail())
  const answer = await treeHashRoot(ratchetTree, hash)
  answer.fill(0)
  expect(await treeHashRoot(ratchetTree, hash)).toEqual(groupContext.treeHash)
})
