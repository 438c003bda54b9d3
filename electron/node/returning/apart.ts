import type { Eid, GroupId, MemberId, PeerId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Frontier } from '../../ports/wire.ts'
import { isKnown } from '../../sync/anti-entropy/known-epochs.ts'
import type { Correspondent } from '../../sync/delivery/courier.ts'
import { isBeside } from '../../sync/fork-resolution/read-tree.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { UNPROVEN } from '../../sync/group/membership.ts'

/** PROTOCOL.md: so many members have to say the same before a device believes that it is the one that went astray. */
const WITNESSES = 2
/** Not before reconciliation had its time: mostly what is missing is on its way. They have to have stayed where they are for as long. */
const PATIENCE_MS = 20_000
/**
 * After so long one is enough, if nobody who is connected is where we are: else who meets one person only would wait for ever. And it
 * matters no more how long they have been there: where many come and go they never stay.
 */
const LAST_PATIENCE_MS = 60_000

/** So long others have to come to who stayed where it was; four times as long each time, since somebody may say to be elsewhere without an end. */
const STAYS_MS = 2 * 60_000
const LONGEST_STAY_MS = 3_600_000

/** For so long who seems to have missed what led here is waited for. */
const BEHIND_MS = 5 * 60_000

interface Place {
  memberId: Correspondent['memberId']
  /** Who that is, as far as this device ever learned: a member that came back by a fresh leaf proves nothing here. */
  who: MemberId
  eid: Eid
  epoch: number
  /** Since when it is known to be there. */
  since: number
  apart: boolean
  /** False for somebody who is no member where we are, although what it says it knows would let it bring us to where it is. */
  counts: boolean
  /** It is before all that this device ever knew of the group, and may have missed what led here: no reason to go where it is. */
  isBehind: boolean
  /** It is known from before, by whatever it proved then, and is a member where we are. */
  isAcquainted: boolean
}

type Where = Pick<Frontier, 'eid' | 'epoch' | 'known' | 'senders'>

interface Deps {
  clock: Clock
  identify: Identify
  /** For long only strangers were met who are where this device cannot come to. */
  strangers: () => void
}

/** Who is at the other end as far as this device ever learned; unproven if it never did. */
export type Identify = (group: LiveGroup, peerId: PeerId) => MemberId

/**
 * Notices that the members a device meets are in an epoch it cannot come to: it is behind all that anybody keeps, or it was let
 * in by a commit that lost. Then only a fresh leaf brings it back.
 */
export class Apart {
  readonly #clock: Clock
  readonly #identify: Identify
  readonly #strangers: () => void
  /** Where each peer was when it was compared with last. */
  readonly #peers = new Map<GroupId, Map<PeerId, Place>>()
  readonly #since = new Map<GroupId, number>()
  /** Since when each peer seems to have missed what led here, whether it is connected or not. */
  readonly #behind = new Map<GroupId, Map<PeerId, number>>()
  /** Until when it stays whatever others say, and for how long. */
  readonly #stays = new Map<GroupId, { until: number; ms: number }>()
  /** Told once for each run: whoever was removed could have it said again and again. */
  readonly #toldOfStrangers = new Set<GroupId>()

  constructor({ clock, identify, strangers }: Deps) {
    this.#clock = clock
    this.#identify = identify
    this.#strangers = strangers
  }

  /** Answers whether this device has to be let in again. */
  note(group: LiveGroup, { peerId, memberId }: Correspondent, { eid, epoch, known, senders }: Where, away: boolean): boolean {
    const { groupId, deps } = group
    const peers = this.#peers.get(groupId) ?? new Map<PeerId, Place>()
    // Whoever was removed stands in an epoch that is not known here, too, and would take the one who removed it along.
    const members = new Set(group.members().map((m) => m.memberId))
    const who = memberId === UNPROVEN ? this.#identify(group, peerId) : memberId
    const isAcquainted = members.has(who)
    const knowsOfUs = known.some((one) => isKnown(deps.store, groupId, one))
    // A member that came back by a fresh leaf cannot bring what led to that, whatever it knows besides.
    const counts = isAcquainted || !knowsOfUs
    const isBehind = this.#isBehind(groupId, peerId, away && !knowsOfUs && epoch < group.tip.row.joinedEpoch)
    const apart = away && !isBehind
    this.#lookAgain(group, peers)
    const before = peers.get(peerId)
    const since = before?.eid === eid ? before.since : this.#clock.now()
    this.#peers.set(groupId, peers.set(peerId, { memberId, who, eid, epoch, since, apart, isBehind, counts, isAcquainted }))
    this.#forgive(groupId)
    if (!apart || this.#clock.now() < (this.#stays.get(groupId)?.until ?? 0)) return false
    const first = this.#since.get(groupId) ?? this.#clock.now()
    this.#since.set(groupId, first)
    // What was stored a moment ago may be what leads there.
    const waited = this.#clock.now() - Math.max(first, group.progressedAt)
    // On a machine that is slow or does much else what arrived may well take as long as that.
    if (group.arriving > 0 && waited < LAST_PATIENCE_MS) return false
    return waited >= PATIENCE_MS && this.#isOutvoted(group, [...peers.values()], { eid, known, waited, tie: tieWith(memberId, senders) })
  }

  /** Nobody could let it in where they are, and it is the one to stay. */
  stays(groupId: GroupId): void {
    const before = this.#stays.get(groupId)
    const now = this.#clock.now()
    const isAgain = before !== undefined && now - before.until < LONGEST_STAY_MS
    const ms = isAgain ? Math.min(4 * before.ms, LONGEST_STAY_MS) : STAYS_MS
    this.#stays.set(groupId, { until: now + ms, ms })
    this.#since.delete(groupId)
  }

  /** For a while only: it may as well be that this device came in on a branch that is longer and lost. */
  #isBehind(groupId: GroupId, peerId: PeerId, seems: boolean): boolean {
    const since = this.#behind.get(groupId) ?? new Map<PeerId, number>()
    this.#behind.set(groupId, since)
    if (!seems) since.delete(peerId)
    else if (!since.has(peerId)) since.set(peerId, this.#clock.now())
    return seems && this.#clock.now() - (since.get(peerId) ?? 0) < BEHIND_MS
  }

  /** Peers that were in an epoch not known here when they were compared with last. */
  elsewhere(groupId: GroupId): ReadonlySet<PeerId> {
    return new Set([...(this.#peers.get(groupId) ?? [])].flatMap(([peerId, { apart }]) => (apart ? peerId : [])))
  }

  /** Peers that may have missed what led here: that they know of no such member says nothing. */
  behind(groupId: GroupId): ReadonlySet<PeerId> {
    return new Set([...(this.#peers.get(groupId) ?? [])].flatMap(([peerId, { isBehind }]) => (isBehind ? peerId : [])))
  }

  /** A session shares these groups, and no others any more: who is in a group no more has no say in it. */
  shares(peerId: PeerId, groups: readonly GroupId[]): void {
    for (const [groupId, peers] of this.#peers) if (!groups.includes(groupId) && peers.delete(peerId)) this.#forgive(groupId)
  }

  closed(peerId: PeerId): void {
    this.shares(peerId, [])
  }

  /**
   * Whoever was elsewhere when it was compared with last may be where this device has come to since. Else one epoch after another that
   * is heard of a moment before it comes, while people join, would count as the same trouble that lasts.
   */
  #lookAgain({ groupId, deps: { store }, tip }: LiveGroup, peers: ReadonlyMap<PeerId, Place>): void {
    const isElsewhere = (place: Place): boolean => !isKnown(store, groupId, place.eid) || isBeside(store, groupId, tip.row.tip, place)
    for (const place of peers.values()) place.apart &&= isElsewhere(place)
    this.#forgive(groupId)
  }

  /** Patience is for the time in which somebody who is elsewhere could have brought what is missing. */
  #forgive(groupId: GroupId): void {
    if (![...(this.#peers.get(groupId)?.values() ?? [])].some((peer) => peer.apart)) this.#since.delete(groupId)
  }

  #tellOfStrangers(groupId: GroupId): void {
    if (this.#toldOfStrangers.has(groupId)) return
    this.#toldOfStrangers.add(groupId)
    this.#strangers()
  }

  #isOutvoted(
    group: LiveGroup,
    peers: readonly Place[],
    { eid, known, waited, tie }: Pick<Frontier, 'eid' | 'known'> & { waited: number; tie: Tie },
  ): boolean {
    // Who came in after the fork cannot see it, and is not told by numbers: they may be more, and wait for one another for ever.
    if (waited >= LAST_PATIENCE_MS && peers.some((peer) => peer.apart && peer.eid === eid && peer.who === onlyOwner(group))) return true
    const { tip } = group.tip.row
    const members = new Set(group.members().map((m) => m.memberId)).size
    const stayed = waited >= LAST_PATIENCE_MS ? Infinity : this.#clock.now() - PATIENCE_MS
    const there = peers.filter((peer) => peer.counts && peer.apart && peer.eid === eid && peer.since <= stayed)
    // Else whoever was removed could mute this device: strangers are not taken at their word, however many there are (`Returning`).
    if (!there.some((peer) => peer.isAcquainted)) {
      if (there.length > 0 && waited >= LAST_PATIENCE_MS) this.#tellOfStrangers(group.groupId)
      return false
    }
    const theirs = heads(there.map(({ memberId }) => memberId))
    // Who is where we know and no member where we are was removed (SPEC.md T8), and is with nobody.
    const ours = 1 + heads(peers.flatMap((peer) => (!peer.apart && !peer.isBehind && peer.memberId !== UNPROVEN ? peer.memberId : [])))
    const needed = waited >= LAST_PATIENCE_MS && ours === 1 ? 1 : Math.min(WITNESSES, Math.max(1, members - 1))
    if (theirs < needed) return false
    // They know of where we are, and are elsewhere: the choice was made.
    if (known.includes(tip)) return true
    // With as many on either side both have to come to the same answer: the names of their epochs decide.
    return theirs > ours || (theirs === ours && (tie === 'names' ? eid < tip : tie === 'go'))
  }
}

/** With as many on either side both have to come to the same answer. */
type Tie = 'go' | 'stay' | 'names'

/**
 * Who proves a leaf that is known here, and gives no more than a stranger is given, does not know ours: it can never come to us. The other
 * way round it comes by itself. Else the names of the epochs decide.
 */
function tieWith(memberId: MemberId, senders: Frontier['senders']): Tie {
  const knowsUs = senders.length > 0
  if ((memberId !== UNPROVEN) === knowsUs) return 'names'
  return knowsUs ? 'stay' : 'go'
}

/** How many say so: a member once, however often it is connected. Of who proves to be none that is not known. */
export function heads(members: readonly MemberId[]): number {
  const proven = members.filter((memberId) => memberId !== UNPROVEN)
  return new Set(proven).size + members.length - proven.length
}

/** Who of the others is the only owner where we are. They could remove everybody here and let them in again. */
export function onlyOwner({ tip, self }: LiveGroup): MemberId | null {
  const [owner, ...more] = [...tip.settings.roles].flatMap(([memberId, role]) => (role === 'owner' ? [memberId] : []))
  return owner === undefined || owner === self || more.length > 0 ? null : owner
}
