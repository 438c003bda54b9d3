import type { GroupId } from '../../shared/domain/ids.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Courier } from '../sync/delivery/courier.ts'

/** How long to collect what others sent before telling third members that there is something. */
const SOON_MS = 1_500
/** So many are told, drawn by lot: each of them tells as many, so that it is everywhere within a few rounds, however large the group. */
const FEW = 4
/** Then all, for the few whom no lot fell on: at most this often, because a group of n compares n² times. */
const ALL_MS = 20_000

/** Whom to compare with once something came from others that a third member may lack. */
export class PassingOn {
  readonly #clock: Clock
  readonly #random: Random
  readonly #soon = new Map<GroupId, () => void>()
  readonly #all = new Map<GroupId, () => void>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Something new came. `couriers` is asked when the time comes. */
  soon(groupId: GroupId, couriers: () => readonly Courier[]): void {
    if (couriers().length <= 1) return
    this.#later(this.#soon, groupId, SOON_MS, () => {
      for (const courier of this.#drawn(couriers())) courier.compare()
    })
    if (couriers().length > FEW)
      this.#later(this.#all, groupId, ALL_MS, () => {
        for (const courier of couriers()) courier.compare()
      })
  }

  forget(groupId: GroupId): void {
    for (const timers of [this.#soon, this.#all]) {
      timers.get(groupId)?.()
      timers.delete(groupId)
    }
  }

  stop(): void {
    for (const groupId of [...this.#soon.keys(), ...this.#all.keys()]) this.forget(groupId)
  }

  #later(timers: Map<GroupId, () => void>, groupId: GroupId, ms: number, work: () => void): void {
    if (timers.has(groupId)) return
    const cancel = this.#clock.after(ms, () => {
      timers.delete(groupId)
      work()
    })
    timers.set(groupId, cancel)
  }

  #drawn(couriers: readonly Courier[]): Courier[] {
    const left = [...couriers]
    const drawn: Courier[] = []
    while (drawn.length < FEW && left.length > 0) drawn.push(...left.splice(Math.floor(this.#random.fraction() * left.length), 1))
    return drawn
  }
}
