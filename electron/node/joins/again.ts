import type { GroupId } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { decodeLocalIdentity, leafForGroup } from '../../identity/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import type { GroupRow, JoinRow, Repositories } from '../../ports/store.ts'
import { isWithoutUs } from '../../sync/group/edge.ts'
import { readState } from '../../sync/group/epoch-store.ts'
import { loadGroup } from '../../sync/group/found-group.ts'
import type { GroupDeps } from '../../sync/group/group-deps.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { noteOwnArrival } from '../../sync/history/arrivals.ts'
import { beginAsking } from '../../sync/history/asking.ts'
import { endWishes } from '../../sync/intents/end-wishes.ts'
import { noteBack } from '../../sync/members/away.ts'
import { dropEnded, readEnded } from '../../sync/members/ended.ts'
import { hasLeaveOffer } from '../../sync/members/leave-offer.ts'
import type { Listening } from '../../sync/members/listening.ts'
import { recognises } from '../../sync/policy/recognition-key.ts'
import { decodeSettings } from '../../sync/policy/settings.ts'
import { comeBack } from '../../sync/returning/come-back.ts'
import { noteReturned } from '../views/before.ts'
import { offerOf } from './offer.ts'
import type { NewOffer } from './offer.ts'
import type { Opened } from './outcome.ts'

/**
 * SPEC.md R8: who was removed and is invited again comes back to what it has of the space. It asks like any newcomer, as the member it was and with
 * a fresh leaf; until it is let in nothing of what is here changes, so that to cancel, or to be refused, leaves it as it was.
 */

/** Whether this device is out of a space by the will of others, and what it has of it is here. */
export const isOut = (store: Repositories, groupId: GroupId): boolean =>
  readEnded(store, groupId)?.kind === 'removed' && !hasLeaveOffer(store, groupId)

/** Throws `AppError('unreadable')`: the identity is our own. */
export function makeOfferAgain(store: Repositories, engine: GroupEngine, groupId: GroupId, random: Random): Promise<NewOffer> {
  const encoded = store.identities.get(groupId)
  if (encoded === null) throw new AppError('unreadable', 'Who you were in this space cannot be read from the database.')
  return offerOf(engine, groupId, leafForGroup(decodeLocalIdentity(encoded), groupId, random))
}

/** Not by a join that began before this device was in the space: that one was for another member. */
export const isOfSameMember = (row: JoinRow, { selfMemberId }: GroupRow): boolean =>
  decodeLocalIdentity(row.identity).memberId === selfMemberId

interface Again {
  groupDeps: GroupDeps
  listening: Listening
  opened: Opened
  /** In the step that stores it. */
  also: (tx: Repositories) => void
  cameIn: (group: LiveGroup) => void
}

/**
 * Throws `AppError('already-member')` where it is in by other means meanwhile, 'invitation-malformed' where the Welcome is not for what is here,
 * 'invitation-wrong-space' where it is of another group.
 */
export async function enterAgain(row: GroupRow, { groupDeps, listening, opened, also, cameIn }: Again): Promise<void> {
  const { store, clock } = groupDeps
  const { groupId } = row
  const demandOut = (now: Repositories = store): void => {
    if (!isOut(now, groupId)) throw new AppError('already-member', 'This device is in the space, or left it, meanwhile.')
  }
  demandOut()
  const group = listening.get(groupId) ?? loadGroup(groupDeps, row)
  if (!(await isGoingOn(group, opened))) throw new AppError('invitation-wrong-space', 'The answer is of another group of that id.')
  const channels = new Set(store.directory.channels(groupId).map(({ channelId }) => channelId))
  const { offer, pairs, answer } = opened
  const came = await comeBack(group, { identity: offer.encodedIdentity, pairs }, answer, {
    joinedAt: clock.now(),
    also: (tx) => {
      // It may have been deleted, or come back to by other means, while the Welcome was opened.
      demandOut(tx)
      noteBack(tx, groupId, clock.now())
      dropEnded(tx, groupId)
      endWishes(tx, groupId)
      beginAsking(tx, groupId)
      noteOwnArrival(tx, groupId, row.selfMemberId)
      noteReturned(tx, groupId, channels)
      also(tx)
    },
    entered: () => cameIn(group),
  })
  if (came !== 'back') throw new AppError('invitation-malformed', 'The answer does not lead into this space.')
}

/**
 * Whoever was removed knows the id of the group too, and could make another one of it. One that goes on from what is here knows by which key its members
 * recognised each other then; after very many removals it may not, and then somebody has to answer whom this device knows there.
 */
async function isGoingOn(group: LiveGroup, { state, pairs, answer }: Opened): Promise<boolean> {
  const { engine, store } = group.deps
  const { groupId } = group
  const removals = store.commits.of(groupId).filter(isWithoutUs)
  const states = [group.tip.state, ...removals.flatMap(({ parent }) => readState(store, engine, groupId, parent)?.state ?? [])]
  const settingsOf = (one: GroupState) => decodeSettings(engine.settings(one)) ?? []
  const keys = states.flatMap(settingsOf).map(({ presenceKey }) => presenceKey)
  if ([state].flatMap(settingsOf).some((there) => keys.some((key) => recognises(there, key)))) return true
  const members = new Set(group.members().map(({ memberId }) => memberId))
  return (await engine.join(groupId, answer.welcome, pairs, { accepts: (welcomer) => members.has(welcomer) })).ok
}
