import type { Message } from '../../../../shared/domain/models.ts'
import type { SimNode } from '../node/sim-node.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { staying } from './agreement.ts'

/** Invariant 6, as the author is shown it: `delivered` is said only once all who are owed a message have it, `held` once one has. */
export function deliveryLies(world: World, author: SimNode, message: Message): Violation[] {
  const { state } = message.delivery
  // What a hostile author made of its own keys and counts is its own loss.
  if (author.hostile || (state !== 'delivered' && state !== 'held')) return []
  const row = author.store.messages.get(message.messageId)
  if (row === null) return [violation(6, `${author.name} is told of "${message.text}", which is not stored`)]
  const said = author.store.deliveries.of(row.objectId).filter((delivery) => delivery.ackedAt !== null)
  const liars = world.members.filter(({ hostile, store }) => {
    if (hostile) return false
    const self = store.groups.get(world.groupId)?.selfMemberId
    return said.some(({ memberId }) => memberId === self) && store.messages.get(message.messageId) === null
  })
  return liars.map((node) => violation(6, `"${message.text}" is said to be at ${node.name}, and is not`))
}

/**
 * What is owed goes to somebody who is there and takes it: else it would be shown as on its way for ever. Whoever came by a commit that lost, and
 * whom nobody can let in again, may come yet; so may a member whose Welcome never arrived, and who is shown.
 */
export function nothingOwed(world: World): Violation[] {
  const { groupId, members } = world
  const at = staying(world)
  const there = new Set(at.map((node) => node.member(groupId)))
  const mayCome = members.filter((node) => node.hostile || (node.takesPart(groupId) && !at.includes(node)))
  const out = new Set(mayCome.map((node) => node.member(groupId)))
  return at.flatMap(({ name, store }) =>
    store.directory.members(groupId).flatMap(({ memberId, name: whom, active }) => {
      const isToHaveIt = active ? there.has(memberId) : !out.has(memberId)
      const owed = isToHaveIt ? store.deliveries.owedTo(groupId, memberId, 100) : []
      const open = owed.filter((objectId) => store.messages.ofObject(objectId)?.failure === null)
      return open.length === 0 ? [] : [violation(6, `${name} still owes ${open.length} messages to ${whom}${active ? '' : ', who is out'}`)]
    }),
  )
}
