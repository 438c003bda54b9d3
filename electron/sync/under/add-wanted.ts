import type { MemberId } from '../../../shared/domain/ids.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { messagesOf } from '../group/messages-of.ts'
import { carryOut } from '../intents/carry-out.ts'
import type { Newcomer } from '../intents/intent.ts'
import { pickPackage } from './offers.ts'
import { putWanted, wantedIn } from './wanted.ts'

/** Adds all of them whose keys are here, by one commit. Who is in already, or in the space no more, is wanted no longer. */
export async function addWanted(group: LiveGroup, space: LiveGroup): Promise<void> {
  const { store, events } = group.deps
  const { groupId } = group
  if (wantedIn(store, groupId).length === 0) return
  await group.exclusive(async () => {
    const isIn = (memberId: MemberId): boolean => group.tip.settings.roles.has(memberId)
    const isGone = (memberId: MemberId): boolean => store.directory.member(space.groupId, memberId)?.active !== true
    const before = wantedIn(store, groupId)
    const open = before.filter((memberId) => !isIn(memberId) && !isGone(memberId))
    const found = await Promise.all(open.map((memberId) => pickPackage(space, memberId)))
    const newcomers = found.filter((one): one is Newcomer => one !== null)
    const rest = open.filter((memberId) => !newcomers.some((one) => one.memberId === memberId))
    if (open.length < before.length) {
      const changed = store.transaction((tx) => {
        putWanted(tx, groupId, open)
        // Who will never come is owed nothing.
        return before.filter((memberId) => isGone(memberId) && !isIn(memberId)).flatMap((id) => tx.deliveries.forgive(groupId, id))
      })
      events.deliveryChanged(groupId, messagesOf(store, changed))
    }
    if (newcomers.length > 0) await carryOut(group, { kind: 'add', newcomers }, (tx) => putWanted(tx, groupId, rest))
  })
}
