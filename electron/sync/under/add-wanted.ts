import type { MemberId } from '../../../shared/domain/ids.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { messagesOf } from '../group/messages-of.ts'
import { carryOut } from '../intents/carry-out.ts'
import type { Newcomer } from '../intents/intent.ts'
import { goneFrom } from '../members/gone.ts'
import { pickPackage } from './offers.ts'
import { putWanted, wantedIn } from './wanted.ts'

/**
 * Adds all of them whose keys are here, by one commit. Who is in already, or went from the space, is wanted no longer; who came into it by a
 * commit that lost is let in again, and waited for. `givenUp`: those for whom that was long enough.
 */
export async function addWanted(group: LiveGroup, space: LiveGroup, givenUp: ReadonlySet<MemberId> = new Set()): Promise<void> {
  const { store, events } = group.deps
  const { groupId } = group
  if (wantedIn(store, groupId).length === 0) return
  await group.exclusive(async () => {
    const isIn = (memberId: MemberId): boolean => group.tip.settings.roles.has(memberId)
    const isHere = (memberId: MemberId): boolean => store.directory.member(space.groupId, memberId)?.active === true
    const gone = new Set([...givenUp, ...goneFrom(space).map(({ memberId }) => memberId)])
    const before = wantedIn(store, groupId)
    const open = before.filter((memberId) => !isIn(memberId) && !gone.has(memberId))
    const found = await Promise.all(open.filter(isHere).map((memberId) => pickPackage(space, memberId)))
    const newcomers = found.filter((one): one is Newcomer => one !== null)
    const rest = open.filter((memberId) => !newcomers.some((one) => one.memberId === memberId))
    if (open.length < before.length) {
      const changed = store.transaction((tx) => {
        putWanted(tx, groupId, open)
        // Who will never come is owed nothing.
        return before.filter((memberId) => gone.has(memberId) && !isIn(memberId)).flatMap((id) => tx.deliveries.forgive(groupId, id))
      })
      events.deliveryChanged(groupId, messagesOf(store, changed))
    }
    if (newcomers.length > 0) await carryOut(group, { kind: 'add', newcomers }, (tx) => putWanted(tx, groupId, rest))
  })
}
