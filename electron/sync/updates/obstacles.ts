import type { Eid, MemberId } from '../../../shared/domain/ids.ts'
import { isKnown } from '../anti-entropy/known-epochs.ts'
import { readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { lostIntents } from '../intents/settle-intents.ts'
import { hasLeaveOffer } from '../members/leave-offer.ts'
import { isBareStep } from './bare-commit.ts'
import { keySince, ownKey } from './leaf-keys.ts'
import { lifeOf } from './pace.ts'
import type { KeyPace } from './pace.ts'

/** What is known of the others beside what is stored. */
export interface Company {
  /** Members with whom a session is open. */
  online: ReadonlySet<MemberId>
  /** In which epoch those who were met since the process began said that they were. */
  places: ReadonlyMap<MemberId, Eid>
  /** A choice among commits is being made. */
  choosing: boolean
}

/** Why a device does not renew its keys now: a word for the log. */
export type Obstacle =
  | 'not-due'
  | 'returning'
  | 'leaving'
  | 'alone'
  /** Something that a person asked for comes first. */
  | 'pending'
  /** Nobody is here, or those who are know more than this device. */
  | 'behind'
  /** Half of the members or more were not heard in this epoch. */
  | 'unheard'
  /** This device renewed its keys last, and nobody changed anything since. */
  | 'repeated'
  /** Somebody made a commit a moment ago. */
  | 'quiet'

/** How long until the key of our leaf is as old as it may become; negative from then on. */
export function dueIn(group: LiveGroup, pace: KeyPace): number {
  const { groupId, tip } = group
  const { engine, store, clock } = group.deps
  // The clock may have been wrong when it was made: a key of the future is as old as it is far away.
  const age = Math.abs(clock.now() - keySince(store, engine, tip))
  return lifeOf(groupId, ownKey(engine, tip.state), group.members().length, pace) - age
}

/** The first thing that speaks against renewing our keys now (SPEC.md U); null if nothing does. */
export function obstacleTo(group: LiveGroup, pace: KeyPace, company: Company): Obstacle | null {
  const left = dueIn(group, pace)
  if (left > 0) return 'not-due'
  const { groupId, tip, deps } = group
  if (tip.row.returning) return 'returning'
  if (hasLeaveOffer(deps.store, groupId)) return 'leaving'
  const members = new Set(group.members().map((m) => m.memberId))
  if (members.size < 2) return 'alone'
  if (company.choosing || lostIntents(group).length > 0) return 'pending'
  if (!hasCaughtUp(group, company)) return 'behind'
  const heard = [...heardHere(group, company)].filter((memberId) => members.has(memberId)).length
  if (heard * 2 <= members.size) return 'unheard'
  if (ledHereBare(group)) return 'repeated'
  const quietMs = -left > pace.patienceMs ? pace.settledMs : pace.quietMs
  return Math.abs(deps.clock.now() - enteredAt(group)) < quietMs ? 'quiet' : null
}

/** Somebody is here, and no fewer of those who are say that they are in an epoch we know than in one we do not. */
function hasCaughtUp({ deps: { store }, groupId }: LiveGroup, { online, places }: Company): boolean {
  const here = [...online].flatMap((memberId) => places.get(memberId) ?? [])
  const known = here.filter((eid) => isKnown(store, groupId, eid)).length
  return known > 0 && known * 2 >= here.length
}

/** Who is known to be, or to have been, in the epoch we are in. */
function heardHere({ deps: { store }, groupId, self, tip }: LiveGroup, { places }: Company): Set<MemberId> {
  const eid = tip.row.tip
  const author = store.commits.into(groupId, eid)?.author
  return new Set([
    ...[self, ...(author === undefined ? [] : [author])],
    ...store.witnesses.of(groupId).flatMap((witness) => (witness.eid === eid ? witness.memberId : [])),
    ...[...places].flatMap(([memberId, place]) => (place === eid ? memberId : [])),
  ])
}

/** What `receive/plan-object` would refuse of others. */
function ledHereBare({ deps: { store, engine }, groupId, self, tip }: LiveGroup): boolean {
  const into = store.commits.into(groupId, tip.row.tip)
  if (into === null || into.author !== self || into.authorLeaf !== engine.self(tip.state).leafIndex) return false
  const before = readState(store, engine, groupId, into.parent)
  return before !== null && isBareStep(engine, before.state, tip.state)
}

/** When the commit that led here was stored. */
function enteredAt({ deps: { store }, groupId, tip }: LiveGroup): number {
  const into = store.commits.into(groupId, tip.row.tip)
  return (into && store.objects.get(into.objectId)?.storedAt) ?? tip.row.createdAt
}
