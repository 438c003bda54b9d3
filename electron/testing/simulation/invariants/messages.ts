import type { StoredMessage } from '../../../ports/store.ts'
import type { Sent } from '../ledger.ts'
import type { SimNode } from '../node/sim-node.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { settingsOf, staying } from './agreement.ts'

/** Everything a node would show. */
export const messagesOf = (world: World, { store }: SimNode): StoredMessage[] =>
  store.directory.channels(world.groupId).flatMap(({ channelId }) => store.messages.page(channelId, 100_000, null).messages)

interface Reader {
  node: SimNode
  /** How often each text is there. */
  texts: Map<string, number>
}

function readersOf(world: World): Reader[] {
  return staying(world).map((node) => {
    const texts = new Map<string, number>()
    for (const { text } of messagesOf(world, node)) texts.set(text, (texts.get(text) ?? 0) + 1)
    return { node, texts }
  })
}

const mayRead = (world: World, { node }: Reader, { audience, author, leaves }: Sent): boolean => {
  const self = node.member(world.groupId)
  // What was written for who was removed is nobody's to keep for them; some of it they may have all the same.
  return node === author || (self !== null && audience.has(self) && !node.leavesBefore.has(leaves.get(self) ?? ''))
}

/**
 * Invariants 1 and 6: a message that was accepted is at everybody who was a member when it was written and still is, once; and
 * so is one whose author was never told, as soon as anybody has it. What hostile members wrote is theirs to lose.
 */
export function nothingLost(world: World): Violation[] {
  const found: Violation[] = []
  const readers = readersOf(world)
  const authors = new Set(readers.map(({ node }) => node))
  for (const sent of world.ledger.sent) {
    if (sent.author.hostile || !authors.has(sent.author)) continue
    const written = sent.messageId && sent.author.store.messages.get(sent.messageId)
    const channelId = written ? written.channelId : null
    const somewhere = sent.messageId !== null || readers.some(({ texts }) => texts.has(sent.text))
    for (const reader of readers) {
      const times = reader.texts.get(sent.text) ?? 0
      if (times > 1) found.push(violation(6, `"${sent.text}" is ${times} times at ${reader.node.name}`))
      // In a channel that could not be made again, to somebody who never was where it was made: it is owed, and said to be.
      const isNowhere = channelId !== null && reader.node.store.directory.channel(channelId) === null
      if (times === 0 && somewhere && !isNowhere && mayRead(world, reader, sent))
        found.push(violation(6, `"${sent.text}" is not at ${reader.node.name}`))
    }
  }
  return found
}

/** Invariants 9 and 14: nobody has a message who was not shown as a member when it was written. */
export function nothingLeaked(world: World): Violation[] {
  const found: Violation[] = []
  for (const node of world.members.filter(({ hostile }) => !hostile)) {
    const self = node.member(world.groupId)
    for (const { text } of messagesOf(world, node)) {
      const sent = world.ledger.find(text)
      if (sent === null || sent.author.hostile || sent.author === node) continue
      if (self === null || !sent.audience.has(self))
        found.push(violation(14, `"${text}" is at ${node.name}, who was not shown to its author`))
    }
  }
  return found
}

/** Invariant 9, by keys: nobody holds those of an epoch from before its join, and who is out none of the group's newest. */
export function noKeysOutside(world: World): Violation[] {
  const found: Violation[] = []
  const newest = world.nodes[0]?.group(world.groupId)?.tip
  const { roles } = settingsOf(world)
  for (const { name, store } of world.nodes) {
    const row = store.groups.get(world.groupId)
    if (row === null) continue
    for (const { epoch, eid } of store.mls.epochs(world.groupId)) {
      if (epoch < row.joinedEpoch) found.push(violation(9, `${name} has the keys of epoch ${epoch}, from before its join`))
      if (!roles.has(row.selfMemberId) && eid === newest) found.push(violation(9, `${name} is out and has the newest keys`))
    }
  }
  return found
}
