import type { GroupId } from '../../../shared/domain/ids.ts'
import { toHex } from '../../kernel/bytes.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { LiveGroup } from '../../sync/group/live-group.ts'
import { isAstray, isTakenOver, markTakenOver, unmarkTakenOver } from '../../sync/returning/astray.ts'

/** So long the other computer has the place to itself; twice as long each next time. */
const FIRST_MS = 10 * 60_000
const LONGEST_MS = 3_600_000
/** A newcomer may have offered a leaf that it knows no more (SPEC.md R6). */
const NEWCOMER_MS = 3_600_000
/** Whoever is asked may make leaves up. */
const MOST_LEAVES = 16

interface Deps {
  clock: Clock
  /** A group is found to be gone on with elsewhere, and that is stored. */
  found: (groupId: GroupId) => void
}

interface Standing {
  /** Leaves of this device that it offered since it was started: whoever was asked may have used any. */
  readonly offered: Set<string>
  /** Until when each leaf that is not this computer's has the place. */
  readonly taken: Map<string, number>
  /** A person wants to go on here, and it is not in yet. */
  isWished: boolean
}

/**
 * Two computers that run one profile take each other's place in a group again and again, and each misses what is said while the other is in
 * (decision 5). So the one that finds its place taken says so, and leaves it to the other for a while, or until its person wants to go on here.
 * Not for good: whoever is asked could say so of a leaf that nobody has (SPEC.md R10).
 */
export class PlaceTaken {
  readonly #deps: Deps
  readonly #groups = new Map<GroupId, Standing>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** This device shows a fresh leaf. */
  offers(groupId: GroupId, freshKey: Uint8Array): void {
    this.#of(groupId).offered.add(toHex(freshKey))
  }

  /** Somebody says that `leafKey` has this device's place. Answers whether to leave it that for now. */
  yields(group: LiveGroup, leafKey: Uint8Array): boolean {
    const { groupId, deps, tip } = group
    const now = this.#deps.clock.now()
    const standing = this.#of(groupId)
    const leaf = toHex(leafKey)
    const isNewcomer = now - tip.row.createdAt < NEWCOMER_MS
    // An older copy of itself finds the place taken by what it was itself later.
    if (!isAstray(deps.store, groupId) || isNewcomer || this.#isOurs(group, leafKey)) return false
    if (standing.isWished) return false
    const until = standing.taken.get(leaf)
    if (until !== undefined) return now < until
    const times = standing.taken.size
    if (times >= MOST_LEAVES) return false
    standing.taken.set(leaf, now + Math.min(FIRST_MS * 2 ** times, LONGEST_MS))
    deps.store.transaction((tx) => markTakenOver(tx, groupId))
    this.#deps.found(groupId)
    return true
  }

  /** A person wants to go on here, and so everywhere. Answers where that is to be brought about, which is stored. */
  insists(group: LiveGroup, groups: ReadonlyMap<GroupId, LiveGroup>): LiveGroup[] {
    const { groupId, deps } = group
    const isTaken = isTakenOver(deps.store, groupId)
    const others = isTaken ? [...groups.values()].filter((one) => one !== group && isTakenOver(deps.store, one.groupId)) : []
    const all = [group, ...others]
    for (const one of all) this.#of(one.groupId).isWished = true
    deps.store.transaction((tx) => all.forEach((one) => unmarkTakenOver(tx, one.groupId)))
    return all
  }

  /** This device is in again. */
  isBack(groupId: GroupId): void {
    this.#of(groupId).isWished = false
  }

  /** Of any epoch that is kept here, or offered since this device was started. */
  #isOurs({ groupId, deps: { store } }: LiveGroup, leafKey: Uint8Array): boolean {
    return store.mls.signatureKey(leafKey) !== null || this.#of(groupId).offered.has(toHex(leafKey))
  }

  #of(groupId: GroupId): Standing {
    const standing = this.#groups.get(groupId) ?? { offered: new Set(), taken: new Map(), isWished: false }
    this.#groups.set(groupId, standing)
    return standing
  }
}
