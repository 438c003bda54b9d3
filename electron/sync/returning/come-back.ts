import type { Eid, GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { GroupState, KeyPackagePair, WelcomeWish } from '../../crypto/mls/group-engine.ts'
import type { Repositories } from '../../ports/store.ts'
import type { ReturnAnswer, WireObject } from '../../ports/wire.ts'
import { beginningOf } from '../anti-entropy/era.ts'
import { ownChain } from '../anti-entropy/sender-chain.ts'
import { setAside } from '../delivery/set-aside.ts'
import { carryBefore } from '../group/carry-commits.ts'
import { isWithoutUs } from '../group/edge.ts'
import { writeAfresh } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { UNPROVEN } from '../group/membership.ts'
import { messagesOf } from '../group/messages-of.ts'
import { mirror } from '../group/mirror.ts'
import { nextTip } from '../group/next-tip.ts'
import type { Tip } from '../group/next-tip.ts'
import { objectIdOf } from '../group/object-id.ts'
import { receiveObjects } from '../group/receive/receive-objects.ts'
import { renewLeaveOffer } from '../members/leave-offer.ts'
import { readEnded } from '../members/ended.ts'
import { decodeSettings } from '../policy/settings.ts'
import { forgetAstray, isAstray } from './astray.ts'
import { noteAddedAnew } from './join-again.ts'
import { dropStock } from '../under/stock.ts'
import { dropOffer } from './offer.ts'

export type Welcome = Pick<Extract<ReturnAnswer, { kind: 'welcome' }>, 'welcome' | 'commits'>

/** What opens a Welcome: key packages, and the encoded identity they were made with. */
export interface Opener {
  identity: Uint8Array
  pairs: readonly KeyPackagePair[]
}

export interface Way extends Pick<WelcomeWish, 'accepts'> {
  /** `leaf`: a fresh one took the place of the old one, unless told otherwise. `member`: this device was none where all others are. */
  as?: 'leaf' | 'member'
  /** When, in milliseconds, where it came by an invitation as if for the first time: what it is given of before ends there, and what let it in may lose. */
  joinedAt?: number
  /** In the step that stores it, once its channels are there. */
  also?: (tx: Repositories) => void
  /** Once that is stored, and before anything that came with the Welcome is taken. */
  entered?: () => void
}

/** What opening a Welcome came to. `stranger`: it is somebody's who is not accepted. */
export type Came = 'back' | 'refused' | 'stranger'

/**
 * Opens the Welcome that a member gave for a fresh leaf, and is free again, in one transaction. What was readable before
 * stays readable, and goes on to be followed up to the epoch in which the old leaf went. `refused` if it is no Welcome for
 * us, or not to where the group went on.
 */
export async function comeBack(group: LiveGroup, offer: Opener, { welcome, commits }: Welcome, way: Way = {}): Promise<Came> {
  const { as = 'leaf', joinedAt, also, entered, ...wish } = way
  const wasOut = readEnded(group.deps.store, group.groupId) !== null
  const came = await group.exclusive(async (): Promise<Came> => {
    const { engine, logger } = group.deps
    const { row } = group.tip
    // Who is out comes in again; until then nothing is changed by that.
    const isOut = readEnded(group.deps.store, group.groupId)?.kind === 'removed'
    if (!row.returning && !isOut) return 'refused'
    // What is stored is not old, and goes on counting.
    const goesOn = isAstray(group.deps.store, group.groupId) || !row.returning
    const joined = await engine.join(group.groupId, welcome, offer.pairs, { parent: group.parent, ...wish })
    if (!joined.ok) {
      logger.warn('return-welcome-refused', { reason: joined.error.reason, detail: joined.error.detail })
      return joined.error.reason === 'unauthorised' ? 'stranger' : 'refused'
    }
    const sound = decodeSettings(engine.settings(joined.value))?.roles.has(row.selfMemberId) === true
    if (!sound || engine.self(joined.value).memberId !== row.selfMemberId) return 'refused'
    // Eras are counted by epochs (`anti-entropy/era.ts`), so one must not be begun twice.
    const { store } = group.deps
    if (!goesOn && engine.epoch(joined.value) <= row.epoch) return 'refused'
    // The Welcome of a branch that this device is on already, or was, is an old answer.
    const eid = await engine.eid(joined.value)
    if (store.mls.epoch(group.groupId, eid) !== null) return 'refused'
    const write = (tx: Repositories): void => {
      tx.identities.put(group.groupId, offer.identity)
      renewLeaveOffer(tx, group.groupId, offer.identity)
      // Of these commits only the last is not for us to follow; without it others could not know our fresh leaf.
      const { groupId } = group
      carryBefore(tx, engine, engine.epoch(joined.value), { groupId, commits: commits.slice(-1), now: group.deps.clock.now() })
      if (as === 'member') noteAddedAnew(tx, groupId, eid)
      noteEdge(tx, groupId, { commit: commits.at(-1), child: eid })
      also?.(tx)
    }
    await enter(group, joined.value, write, { createdAt: joinedAt, goesOn })
    entered?.()
    return 'back'
  })
  if (came !== 'back') return came
  await receiveObjects(group, commits)
  if (wasOut) carryUnfollowed(group, commits)
  return came
}

/**
 * Nothing of what led here since the removal can ever be followed here: like a newcomer, this device has it for members who missed it, for
 * there may be nobody else left who does.
 */
function carryUnfollowed(group: LiveGroup, commits: readonly WireObject[]): void {
  const { groupId, deps } = group
  const { engine, store, clock } = deps
  const removals = store.commits.of(groupId).filter(isWithoutUs)
  const from = Math.min(...removals.flatMap(({ objectId }) => store.objects.get(objectId)?.epoch ?? []))
  const since = commits.filter(({ eid, bytes }) => {
    const header = engine.inspect(bytes)
    const isHere = store.mls.epoch(groupId, eid) !== null || store.objects.has(groupId, objectIdOf(bytes))
    return header.ok && header.value.epoch > from && !isHere
  })
  group.note((tx) => carryBefore(tx, engine, group.tip.row.epoch, { groupId, commits: since, now: clock.now() }))
}

/** By this edge is known later what of the time before led here (`intents/settle-intents.ts`); who made it is not. */
function noteEdge(tx: Repositories, groupId: GroupId, { commit, child }: { commit: WireObject | undefined; child: Eid }): void {
  const carried = commit && tx.objects.get(objectIdOf(commit.bytes))
  if (!carried) return
  tx.commits.put({ objectId: carried.objectId, groupId, parent: carried.eid, child, author: UNPROVEN, authorLeaf: -1, removes: [] })
}

/**
 * A group of which this device is the only member: a commit renews all keys, and there is nobody to ask. Does nothing if
 * there is anybody else. The commit is kept, so that somebody who joined after the copy was made would see the split.
 */
export function renewAlone(group: LiveGroup): Promise<boolean> {
  return group.exclusive(async () => {
    const { engine, logger } = group.deps
    const { row, state } = group.tip
    if (!row.returning || engine.members(state).length > 1) return false
    const made = await engine.commit(state, { authenticatedData: new Uint8Array() })
    if (!made.ok) {
      logger.error('renewal-failed', { reason: made.error.reason, detail: made.error.detail })
      return false
    }
    const bytes = made.value.commit
    await enter(group, made.value.state, (tx) => {
      const { clock } = group.deps
      const commit = { objectId: objectIdOf(bytes), groupId: group.groupId, kind: 'commit', eid: row.tip, epoch: row.epoch } as const
      tx.objects.put({ ...commit, sender: row.selfMemberId, senderSeq: null, bytes, storedAt: clock.now() })
    })
    return true
  })
}

async function enter(
  group: LiveGroup,
  state: GroupState,
  also: (tx: Repositories) => void,
  {
    createdAt = group.tip.row.createdAt,
    goesOn = isAstray(group.deps.store, group.groupId),
  }: { createdAt?: number | undefined; goesOn?: boolean } = {},
): Promise<void> {
  const { engine, clock, events, store } = group.deps
  const { groupId, tip: before } = group
  const entered = await nextTip(engine, before, state)
  const { tip: eid, epoch } = entered.row
  const { sentSeq } = before.row
  const counted = goesOn ? sentSeq : beginningOf(epoch)
  // Where all others are a newcomer may have been let in earlier than on the branch that lost.
  const joinedEpoch = Math.min(before.row.joinedEpoch, epoch)
  const tip: Tip = { ...entered, row: { ...entered.row, createdAt, joinedEpoch, returning: false, sentSeq: counted } }
  const write = (tx: Repositories): ObjectId[] => {
    writeAfresh(tx, engine, groupId, { eid, epoch, state }, before.row.tip, clock.now())
    tx.senders.put(ownChain(before.row, tx.senders.get(groupId, before.row.selfMemberId)))
    mirror(tx, engine, tip)
    const aside = setAside(tx, engine, state)
    dropOffer(tx, groupId)
    // What the copy offers may have been used since it was made; what is under the space is come back to by fresh ones.
    if (!goesOn) dropStock(tx, groupId)
    forgetAstray(tx, groupId)
    also(tx)
    return aside
  }
  const aside = group.commitTip(tip, write, { isFree: true })
  events.epochChanged(groupId)
  events.deliveryChanged(groupId, messagesOf(store, aside))
}
