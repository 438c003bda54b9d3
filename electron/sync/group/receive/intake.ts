import type { ObjectAck, WireObject } from '../../../ports/wire.ts'
import type { LiveGroup } from '../live-group.ts'
import { receiveObjects } from './receive-objects.ts'

/** Objects stored together: some full pushes (`ObjectPush`), so that whoever came first does not wait for long. */
const MOST_TOGETHER = 256

interface Waiting {
  objects: readonly WireObject[]
  resolve: (acks: ObjectAck[]) => void
  reject: (reason: unknown) => void
}

/** Receives pushes of one group. Those that come while others are being stored share the next transaction. */
export class Intake {
  readonly #group: LiveGroup
  #waiting: Waiting[] = []
  #busy = false

  constructor(group: LiveGroup) {
    this.#group = group
  }

  receive(objects: readonly WireObject[]): Promise<ObjectAck[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ objects, resolve, reject })
      if (!this.#busy) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#busy = true
    for (let next = this.#take(); next.length > 0; next = this.#take()) await this.#store(next)
    this.#busy = false
  }

  #take(): Waiting[] {
    let [pushes, objects] = [0, 0]
    for (const { objects: more } of this.#waiting) {
      if (pushes > 0 && objects + more.length > MOST_TOGETHER) break
      pushes += 1
      objects += more.length
    }
    return this.#waiting.splice(0, pushes)
  }

  async #store(pushes: readonly Waiting[]): Promise<void> {
    try {
      const acks = await receiveObjects(
        this.#group,
        pushes.flatMap((push) => push.objects),
      )
      let from = 0
      for (const { objects, resolve } of pushes) resolve(acks.slice(from, (from += objects.length)))
    } catch (thrown) {
      // One of them may be what cannot be stored: that must not be the others' loss.
      if (pushes.length > 1) for (const push of pushes) await this.#store([push])
      else for (const { reject } of pushes) reject(thrown)
    }
  }
}
