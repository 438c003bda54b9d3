import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Dice } from '../../crash/dice.ts'
import type { Faults } from '../options.ts'

/** How long a message takes, in milliseconds; one that is late takes up to `LATE_MS` more and is overtaken. */
const LATENCY = { least: 2, most: 150 } as const
const LATE_MS = 4_000
const SLOW = 25

/** Who can reach whom now, and how well. Changed by the steps of a world; read for every message. */
export class Conditions {
  readonly #dice: Dice
  readonly #faults: Faults
  readonly #islands = new Map<PeerId, number>()
  readonly #offline = new Set<PeerId>()
  readonly #deaf = new Set<string>()
  readonly #slow = new Set<PeerId>()
  readonly #latency = new Map<string, number>()
  #healed = true

  constructor(dice: Dice, faults: Faults) {
    this.#dice = dice
    this.#faults = faults
  }

  /** Whether a message of one would reach the other. Not the same both ways. */
  reaches(from: PeerId, to: PeerId): boolean {
    const island = (peer: PeerId): number => this.#islands.get(peer) ?? 0
    return island(from) === island(to) && !this.#offline.has(from) && !this.#offline.has(to) && !this.#deaf.has(`${from} ${to}`)
  }

  split(peers: readonly PeerId[], island: number): void {
    for (const peer of peers) this.#islands.set(peer, island)
  }

  join(): void {
    this.#islands.clear()
  }

  setOnline(peer: PeerId, online: boolean): void {
    if (online) this.#offline.delete(peer)
    else this.#offline.add(peer)
  }

  isOnline(peer: PeerId): boolean {
    return !this.#offline.has(peer)
  }

  deafen(from: PeerId, to: PeerId): void {
    this.#deaf.add(`${from} ${to}`)
  }

  undeafen(): void {
    this.#deaf.clear()
  }

  setSlow(peer: PeerId, slow: boolean): void {
    if (slow) this.#slow.add(peer)
    else this.#slow.delete(peer)
  }

  /** From now on things go wrong. */
  begin(): void {
    this.#healed = false
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.#healed = true
    this.#islands.clear()
    this.#offline.clear()
    this.#deaf.clear()
    this.#slow.clear()
  }

  delay(from: PeerId, to: PeerId): number {
    const pair = from < to ? `${from} ${to}` : `${to} ${from}`
    const usual = this.#latency.get(pair) ?? this.#dice.between(LATENCY.least, LATENCY.most)
    this.#latency.set(pair, usual)
    const slow = this.#slow.has(from) || this.#slow.has(to) ? SLOW : 1
    const late = this.#chance(this.#faults.late) ? this.#dice.between(0, LATE_MS) : 0
    return usual * slow * (0.5 + this.#dice.between(0, 100) / 100) + late
  }

  loses(): boolean {
    return this.#chance(this.#faults.loss)
  }

  duplicates(): boolean {
    return this.#chance(this.#faults.duplicate)
  }

  /** Whether what was lost takes its connection with it; else nobody hears of it before a deadline. */
  breaks(): boolean {
    return this.#dice.chance(0.5)
  }

  /** Until an end notices that its connection is gone, in milliseconds. */
  notice(): number {
    return this.#healed ? this.#dice.between(1, 200) : this.#dice.between(1, 8_000)
  }

  #chance(probability: number): boolean {
    return !this.#healed && probability > 0 && this.#dice.chance(probability)
  }
}
