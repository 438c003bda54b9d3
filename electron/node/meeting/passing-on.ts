import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../kernel/clock.ts'
import { drawLots } from '../../kernel/lots.ts'
import type { Random } from '../../kernel/random.ts'
import type { Courier } from '../../sync/delivery/courier.ts'

/** How long to collect what others sent before telling third members that there is something. */
const SOON_MS = 1_500
/** So many are told, drawn by lot: each of them tells as many, so that it is everywhere within a few rounds, however large the group. */
const FEW = 4
/** Then all whom no lot fell on, here or there: at most this often, because a group of n compares n² times. */
const ALL_MS = 20_000
/**
 * Where answers take long, longer: so many times as long as an answer. Else those who have much to do are given more, and bring one another
 * what is under way already.
 */
const ANSWERS = { soon: 5, all: 20 } as const
/** Never longer than so many times what it is else. */
const LONGEST = 6

/** Whom to compare with once something came from others that a third member may lack. */
export class PassingOn {
  readonly #clock: Clock
  readonly #random: Random
  readonly #answerMs: () => number
  readonly #soon = new Map<GroupId, () => void>()
  readonly #all = new Map<GroupId, () => void>()

  /** `answerMs`: how long an answer takes just now. */
  constructor(clock: Clock, random: Random, answerMs: () => number) {
    this.#clock = clock
    this.#random = random
    this.#answerMs = answerMs
  }

  /** Something new came. `couriers` is asked when the time comes; those with whom it was compared meanwhile are left out. */
  soon(groupId: GroupId, couriers: () => readonly Courier[]): void {
    if (couriers().length <= 1) return
    const behind = () => couriers().filter((courier) => courier.isBehind)
    this.#later(this.#soon, groupId, this.#paced(SOON_MS, ANSWERS.soon), () => {
      for (const courier of drawLots(this.#random, behind(), FEW)) courier.compare()
    })
    if (couriers().length > FEW)
      this.#later(this.#all, groupId, this.#paced(ALL_MS, ANSWERS.all), () => {
        for (const courier of behind()) courier.compare()
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

  #paced(ms: number, answers: number): number {
    return Math.min(Math.max(ms, answers * this.#answerMs()), LONGEST * ms)
  }

  #later(timers: Map<GroupId, () => void>, groupId: GroupId, ms: number, work: () => void): void {
    if (timers.has(groupId)) return
    const cancel = this.#clock.after(ms, () => {
      timers.delete(groupId)
      work()
    })
    timers.set(groupId, cancel)
  }
}
