import type { GroupState } from '../../crypto/mls/group-engine.ts'
import { equalBytes } from '../../kernel/bytes.ts'
import { AppError, invariant } from '../../kernel/errors.ts'
import type { SharedGroup, WelcomeAnswer, WelcomeCall } from '../../ports/wire.ts'
import { isKnown } from '../anti-entropy/known-epochs.ts'
import { isRemoved } from '../fork-resolution/reconsider.ts'
import { carryCommits } from '../group/carry-commits.ts'
import { enterGroup, loadGroup } from '../group/found-group.ts'
import type { GroupDeps } from '../group/group-deps.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { beginAsking } from '../history/asking.ts'
import { noteBack } from '../members/away.ts'
import { dropEnded, readEnded } from '../members/ended.ts'
import { isLeft } from '../members/leave-offer.ts'
import { isChannelHere } from '../policy/channel-id.ts'
import { decodeSettings } from '../policy/settings.ts'
import { signReturn } from '../returning/claim.ts'
import { comeBack } from '../returning/come-back.ts'
import type { Way } from '../returning/come-back.ts'
import { isFromBefore } from './left-groups.ts'
import { identityOf, openers, packageFor, spend } from './stock.ts'

const LATER_MS = 5_000
/** Groups under one space that this device lets itself be put into: a member who makes ever more of them fills no disk. */
const MOST = 500
const later: WelcomeAnswer = { kind: 'later', afterMs: LATER_MS }
const refused: WelcomeAnswer = { kind: 'refused' }
const done: WelcomeAnswer = { kind: 'done' }

interface Called {
  deps: GroupDeps
  /** The space, and who of it calls. */
  space: LiveGroup
  from: SharedGroup
  call: WelcomeCall
  /** The group, where this device takes part in it. */
  group: LiveGroup | null
  /** The group, where this device was removed from it and listens in it. */
  heard: LiveGroup | null
  /** This device is in a group that it was not in: that is stored. */
  entered: (group: LiveGroup) => void
}

/**
 * A member of the space says that this device is in a group under it, and gives the Welcome if it has one. If it opens, that is all.
 * If not (there is none, or the key package it is for was used before, or is of a time before this profile was put back from an older
 * copy), this device answers with a fresh key package for that group, signed as the exchange of the leaf it is said to have there: any
 * member of the group may commit that, as for whoever returns (`sync/returning`).
 */
export async function answerCall(called: Called): Promise<WelcomeAnswer> {
  const { space, call, group, deps } = called
  const { store } = deps
  // With the space all that is under it goes: what came in now would be left over.
  if (space.tip.row.returning || isLeft(store, space.groupId)) return later
  if (call.group === space.groupId || (group !== null && group.parent !== space.groupId)) return refused
  if (group !== null) return again(called, group)
  const ended = readEnded(store, call.group)
  // What is left of it is being deleted, or will be once somebody heard that it is left; after that it is a group like any other.
  if (isLeft(store, call.group)) return later
  if (ended !== null) return backIn(called)
  if (isLeftSince(called)) return refused
  if (store.groups.get(call.group) !== null || store.directory.under(space.groupId).length >= MOST) return refused
  const state = await open(called)
  if (state === 'unsound') return refused
  if (state === null) return offerReturn(called)
  if (!isKnownCompany(called, state)) return later
  called.entered(await enter(called, state))
  return done
}

/** This device left it, and whoever calls has not heard of that. */
function isLeftSince({ deps: { store, clock }, space, call }: Called): boolean {
  return isFromBefore(store, space.groupId, call.group, { commit: call.commits.at(-1), now: clock.now() })
}

/** Null: there is no Welcome, or none for a key package that is here. */
async function open({ deps: { engine, store, logger }, space, from, call }: Called): Promise<GroupState | 'unsound' | null> {
  if (call.welcome === null) return null
  const pairs = openers(store, space.groupId)
  const joined = await engine.join(call.group, call.welcome, pairs, { parent: space.groupId })
  if (!joined.ok) {
    logger.warn('welcome-refused', { reason: joined.error.reason, detail: joined.error.detail })
    return null
  }
  const settings = decodeSettings(engine.settings(joined.value))
  const self = engine.self(joined.value)
  const sound =
    settings !== null &&
    settings.kind !== 'space' &&
    settings.channels.length === 1 &&
    settings.channels.every(({ channelId }) => isChannelHere(store, call.group, channelId)) &&
    settings.roles.has(from.memberId) &&
    self.memberId === space.self &&
    (settings.kind !== 'direct' || settings.roles.size === 2)
  return sound ? joined.value : 'unsound'
}

/** Whoever is in it has to be in the space: one of whom nothing was heard here may be so in a moment. */
const isKnownCompany = ({ space, deps: { engine, store } }: Called, state: GroupState): boolean =>
  engine.members(state).every(({ memberId }) => store.directory.member(space.groupId, memberId) !== null)

async function enter({ deps, space, call }: Called, state: GroupState): Promise<LiveGroup> {
  const { engine, store, clock } = deps
  const leafKey = engine.leafKey(state, engine.self(state).leafIndex) ?? new Uint8Array()
  const identity = identityOf(store, space.groupId, leafKey)
  invariant(identity !== null, 'a key package of ours has an identity')
  return enterGroup(deps, state, identity, (tx) => {
    // Whoever calls asks again, and is told to wait.
    if (isLeft(tx, space.groupId))
      throw new AppError('conflict', 'This space was left while somebody let this device into a channel of it.')
    spend(tx, space.groupId, call.group, leafKey)
    beginAsking(tx, call.group)
    carryCommits(tx, engine, call.group, call.commits, clock.now())
  })
}

/** This device is in it already: with that leaf, or on a way that others left. */
async function again(called: Called, group: LiveGroup): Promise<WelcomeAnswer> {
  const { deps, call } = called
  const leafKey = deps.engine.leafKey(group.tip.state, deps.engine.self(group.tip.state).leafIndex)
  if (!group.tip.row.returning) return leafKey !== null && equalBytes(leafKey, call.leafKey) ? done : later
  if (!isKnownThere(called)) return later
  return (await comeIn(called, group)) ? done : offerReturn(called)
}

/** This device was removed from it, and is let in once more: what it has of it stays. */
async function backIn(called: Called): Promise<WelcomeAnswer> {
  const { deps, call, heard } = called
  const row = deps.store.groups.get(call.group)
  if (!isKnownThere(called)) return later
  const group = heard ?? (row && loadGroup(deps, row))
  if (group !== null && (await isLost(called, group))) return refused
  if (group === null || call.welcome === null) return offerReturn(called)
  const isIn = await comeIn(called, group, {
    also: (tx) => {
      noteBack(tx, call.group, deps.clock.now())
      dropEnded(tx, call.group)
    },
    // Not later: it is shown as one this device takes part in from then on.
    entered: () => called.entered(group),
  })
  return isIn ? done : offerReturn(called)
}

/**
 * Whether whoever calls is on a branch that lost against the commit by which this device is out: it heard nothing of that. Who let
 * this device in again after the removal is in an epoch that nobody without can know. That they are there weighs in the choice.
 */
async function isLost({ deps: { store }, from, call }: Called, group: LiveGroup): Promise<boolean> {
  const last = call.commits.at(-1)
  if (last === undefined || !isKnown(store, call.group, last.eid)) return false
  store.transaction((tx) => tx.witnesses.note(call.group, last.eid, from.memberId))
  return isRemoved(group)
}

/**
 * Into a group that is here only those bring it back whom this device knows there: whoever was removed knows its id too, and could make
 * another group of the same id and name.
 */
const isKnownThere = ({ deps: { store }, from, call }: Called): boolean =>
  store.directory.member(call.group, from.memberId)?.active === true

async function comeIn({ deps, space, call }: Called, group: LiveGroup, way: Pick<Way, 'also' | 'entered'> = {}): Promise<boolean> {
  const { store, engine } = deps
  const { welcome, commits } = call
  if (welcome === null) return false
  const pairs = openers(store, space.groupId)
  for (const pair of pairs) {
    const identity = identityOf(store, space.groupId, pair.signatureKey)
    if (identity === null || (await comeBack(group, { identity, pairs: [pair] }, { welcome, commits }, way)) !== 'back') continue
    const leafKey = engine.leafKey(group.tip.state, engine.self(group.tip.state).leafIndex)
    if (leafKey !== null) store.transaction((tx) => spend(tx, space.groupId, call.group, leafKey))
    return true
  }
  return false
}

async function offerReturn({ space, call }: Called): Promise<WelcomeAnswer> {
  const { offered, seed } = await packageFor(space, call.group, call.leafKey)
  const { reference, publicPackage } = offered
  const signature = signReturn(seed, { groupId: call.group, leafKey: call.leafKey, reference })
  return { kind: 'return', keyPackage: publicPackage, signature }
}
