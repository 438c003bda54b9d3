import { readEnded } from '../members/ended.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { forgetAstray, isAstray, isTakenBack, uninvited } from './astray.ts'
import { joinBesides } from './join-again.ts'

/**
 * A group that went astray asks no more to be let in elsewhere, and is what it was: nothing of it changed meanwhile. What it offered stays, for
 * somebody may have let it in by that. Answers false where it is not as it was: put back from an older copy, removed by what is known here, or
 * to be let in by another invitation.
 */
export function stayHere(group: LiveGroup): Promise<boolean> {
  return group.exclusive(() => {
    const { groupId, tip, deps } = group
    const { store, events } = deps
    const isAsItWas = tip.row.returning && isAstray(store, groupId) && !isTakenBack(store, groupId) && readEnded(store, groupId) === null
    if (!isAsItWas || uninvited(store, groupId) !== null || joinBesides(group) !== null) return Promise.resolve(false)
    group.commitTip({ ...tip, row: { ...tip.row, returning: false } }, (tx) => forgetAstray(tx, groupId), { isFree: true })
    events.epochChanged(groupId)
    return Promise.resolve(true)
  })
}
