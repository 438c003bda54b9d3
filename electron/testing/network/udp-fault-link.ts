import type { Dice } from '../crash/dice.ts'
import type { DatagramCounts, DatagramFaults } from './udp-fault-proxy.ts'

/** A router keeps some tens of packets of 1,500 bytes for a line that is slow. */
export const QUEUE_BYTES = 64 * 1024
/** Of one direction: delays are no reason to keep any number of datagrams. */
const MOST_UNDER_WAY = 4_096

/** One direction of one client: decides what becomes of each datagram, and has it wait. */
export class UdpFaultLink {
  readonly #dice: Dice
  readonly #counts: DatagramCounts
  readonly #send: (datagram: Buffer) => void
  /** Under way, the soonest due first; of those due at the same moment in the order they came. */
  #waiting: { bytes: Buffer; due: number }[] = []
  #timer: NodeJS.Timeout | undefined
  #queuedBytes = 0
  /** When the slow line is free again, and when the last that keeps its place is due: as `performance.now()`. */
  #freeAt = 0
  #lastDue = 0

  constructor(dice: Dice, counts: DatagramCounts, send: (datagram: Buffer) => void) {
    this.#dice = dice
    this.#counts = counts
    this.#send = send
  }

  take(datagram: Buffer, faults: DatagramFaults): void {
    const fate = this.#fate(datagram.length, faults)
    const { loss, overtaken, twice, bit } = fate
    if (loss) {
      this.#counts.lost += 1
      return
    }
    const bytes = Buffer.from(datagram)
    const at = bit === null ? undefined : bytes[bit >> 3]
    if (bit !== null && at !== undefined) {
      bytes[bit >> 3] = at ^ (1 << (bit & 7))
      this.#counts.corrupted += 1
    }
    if (twice) this.#counts.duplicated += 1
    for (let copy = 0; copy < (twice ? 2 : 1); copy++) this.#queue(bytes, faults, { overtaken, delayMs: fate.delayMs })
  }

  /** Loses what is under way. Answers how many that were. */
  clear(): number {
    const lost = this.#waiting.length
    clearTimeout(this.#timer)
    this.#waiting = []
    this.#queuedBytes = 0
    this.#freeAt = 0
    this.#lastDue = 0
    return lost
  }

  /** Throws as many dice for each datagram, whatever comes of them: so what becomes of one says nothing of the next. */
  #fate(length: number, { loss, delayMs, reorder, duplicate, corrupt }: DatagramFaults) {
    const dice = this.#dice
    const [isLost, overtaken, twice, isCorrupt] = [loss, reorder, duplicate, corrupt].map((chance) => dice.chance(chance))
    const bit = dice.between(0, Math.max(0, length * 8 - 1))
    const delay = dice.between(...delayMs)
    return { loss: isLost, overtaken, twice, bit: isCorrupt && length > 0 ? bit : null, delayMs: delay }
  }

  #queue(bytes: Buffer, faults: DatagramFaults, { overtaken, delayMs }: { overtaken: boolean | undefined; delayMs: number }): void {
    const now = performance.now()
    const { bytesPerSecond, reorderMs } = faults
    const isFull = bytesPerSecond !== null && this.#queuedBytes + bytes.length > QUEUE_BYTES
    if (isFull || this.#waiting.length >= MOST_UNDER_WAY) {
      this.#counts.crowdedOut += 1
      return
    }
    if (bytesPerSecond !== null) this.#freeAt = Math.max(now, this.#freeAt) + (bytes.length * 1_000) / bytesPerSecond
    const through = bytesPerSecond === null ? now : this.#freeAt
    const due = Math.max(through + delayMs, this.#lastDue)
    if (overtaken) this.#counts.overtaken += 1
    else this.#lastDue = due
    this.#insert(bytes, due + (overtaken ? reorderMs : 0))
    this.#bringDue()
  }

  #insert(bytes: Buffer, due: number): void {
    this.#queuedBytes += bytes.length
    const after = this.#waiting.findLastIndex((one) => one.due <= due)
    this.#waiting.splice(after + 1, 0, { bytes, due })
  }

  /** One timer for all of them: the system calls two that are due at nearly the same moment in any order. */
  #bringDue(): void {
    clearTimeout(this.#timer)
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const ms = first.due - performance.now()
      if (ms > 0) {
        this.#timer = setTimeout(() => this.#bringDue(), ms)
        return
      }
      this.#waiting.shift()
      this.#queuedBytes -= first.bytes.length
      this.#counts.carried += 1
      this.#send(first.bytes)
    }
  }
}
