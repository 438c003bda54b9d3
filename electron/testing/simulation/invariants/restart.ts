import type { SimNode } from '../node/sim-node.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { messagesOf } from './messages.ts'

/** All that a person or a peer could tell apart of what a node has stored. */
export function visible(world: World, node: SimNode): string {
  const { store } = node
  const group = store.groups.get(world.groupId)
  return JSON.stringify([
    group,
    store.senders.list(world.groupId),
    store.directory.members(world.groupId),
    store.directory.channels(world.groupId).map((channel) => [channel, store.messages.unread(channel.channelId)]),
    messagesOf(world, node).map(({ messageId, seq, author, text }) => [messageId, seq, author, text]),
    store.mls.epochs(world.groupId).map(({ eid, supersededAt }) => [eid, supersededAt]),
  ])
}

/** Invariant 6, at each start: what an author was told is stored is there, until it leaves. */
export function authorsKeep(world: World, node: SimNode): Violation[] {
  return world.ledger.sent
    .filter(({ author, messageId }) => author === node && messageId !== null && !node.has(messageId) && !hasLeft(world, node))
    .map(({ text }) => violation(6, `"${text}" is lost at ${node.name}, who was told that it is stored`))
}

/** What is here of a space that was left is being deleted, or is. */
export const hasLeft = ({ groupId }: World, node: SimNode): boolean => node.leaves && !node.takesPart(groupId)
