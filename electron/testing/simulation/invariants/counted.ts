import { holds, ownChain } from '../../../sync/anti-entropy/sender-chain.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'

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
