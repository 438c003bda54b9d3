import type { ObjectId } from '../../../shared/domain/ids.ts'
import { makeToolbox } from '../../crypto/mls/context.ts'
import type { GroupEngine } from '../../crypto/mls/index.ts'
import { X25519_SUITE } from '../../crypto/mls/index.ts'
import { openSenderData } from '../../crypto/mls/sender-data.ts'
import { unwrap } from '../../crypto/mls/state.ts'
import { decodeFramed } from '../../crypto/mls/wire.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Store } from '../../ports/store.ts'
import type { WireObject } from '../../ports/wire.ts'
import { readState } from '../../sync/group/epoch-store.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { handClock, NOON, seededRandom } from './seeded.ts'

/**
 * What was ever given out, by the key it is encrypted under: epoch, leaf, kind and generation. One key for two different
 * texts is what must never be: whoever holds both learns of each, and a receiver loses one.
 */
export class Emissions {
  readonly #byKey = new Map<string, ObjectId>()
  readonly #tools = makeToolbox({ clock: handClock(NOON), random: seededRandom('emissions'), logger: silentLogger, suiteId: X25519_SUITE })
  readonly #engine: GroupEngine

  constructor(engine: GroupEngine) {
    this.#engine = engine
  }

  get count(): number {
    return this.#byKey.size
  }

  /** `holder`: the store of anybody who can read that epoch. Throws if another object used the same key. */
  async note(holder: Store, { eid, bytes }: WireObject): Promise<void> {
    const framed = decodeFramed(bytes)
    if (!framed.ok) throw new Error('what was given out is a message')
    const { header, message } = framed.value
    const epoch = readState(holder, this.#engine, header.groupId, eid)
    if (epoch === null) return
    const { groupContext, keySchedule } = unwrap(epoch.state)
    const sender = openSenderData(this.#tools.parts(groupContext.cipherSuite), keySchedule.senderDataSecret, message)
    const key = `${eid} ${sender.leafIndex} ${header.kind} ${sender.generation}`
    const objectId = objectIdOf(bytes)
    const before = this.#byKey.get(key)
    if (before !== undefined && before !== objectId) throw new Error(`two objects under one key: ${key}`)
    this.#byKey.set(key, objectId)
  }
}
