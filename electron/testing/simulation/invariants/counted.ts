import { holds, missing, ownChain } from '../../../sync/anti-entropy/sender-chain.ts'
import { readEnded } from '../../../sync/members/ended.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import { staying } from './agreement.ts'

/** Every message that is kept is counted in its sender's chain: who has all that is counted is not even asked about the rest. */
export function allCounted(world: World): Violation[] {
  return world.members.flatMap(({ name, store, hostile }) => {
    if (hostile) return []
    return store.groups.list().flatMap((group) => {
      const { groupId, selfMemberId } = group
      const uncounted = store.objects.headsSince(groupId, 0, null, Number.MAX_SAFE_INTEGER).filter(({ sender, senderSeq }) => {
        const stored = store.senders.get(groupId, sender)
        const chain = sender === selfMemberId ? ownChain(group, stored) : stored
        return senderSeq !== null && (chain === null || !holds(chain, senderSeq))
      })
      return uncounted.length === 0 ? [] : [violation(6, `${uncounted.length} messages at ${name} are in no chain`)]
    })
  })
}

/**
 * Nobody is told for ever that something of a member is missing of which nothing was for them (SPEC.md D3). Who cannot come back, where nobody can
 * let them in again, is told that.
 */
export function nothingMissing(world: World): Violation[] {
  const honest = new Map(
    world.members.flatMap(({ name, store, hostile }) =>
      hostile ? [] : store.groups.list().map(({ groupId, selfMemberId }) => [`${groupId}/${selfMemberId}`, name]),
    ),
  )
  return staying(world).flatMap(({ name, store }) => {
    const groups = store.groups.list().filter(({ groupId }) => readEnded(store, groupId) === null)
    return groups.flatMap(({ groupId, selfMemberId }) =>
      store.senders.list(groupId).flatMap((chain) => {
        const { memberId } = chain
        const of = honest.get(`${groupId}/${memberId}`)
        const isFellow = memberId !== selfMemberId && store.directory.member(groupId, memberId)?.active === true
        const count = isFellow && of !== undefined ? missing(chain) : 0
        return count === 0 ? [] : [violation(6, `${count} messages of ${of ?? ''} are missing at ${name}`)]
      }),
    )
  })
}
