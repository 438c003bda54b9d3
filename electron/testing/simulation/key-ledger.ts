import type { SuiteParts } from '../../crypto/mls/provider/suites.ts'
import type { Eid, GroupId, MemberId, ObjectId } from '../../../shared/domain/ids.ts'
import { makeToolbox } from '../../crypto/mls/context.ts'
import { X25519_SUITE } from '../../crypto/mls/index.ts'
import { openSenderData } from '../../crypto/mls/sender-data.ts'
import { unwrap } from '../../crypto/mls/state.ts'
import { decodeFramed } from '../../crypto/mls/wire.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { WireObject } from '../../ports/wire.ts'
import { readState } from '../../sync/group/epoch-store.ts'
import { objectIdOf } from '../../sync/group/object-id.ts'
import { handClock, NOON, seededRandom } from '../mls/seeded.ts'
import type { SimNode } from './node/sim-node.ts'

interface Epoch {
  suite: SuiteParts
  secret: Uint8Array
  /** Who sits at which leaf. */
  members: ReadonlyMap<number, MemberId>
}

/**
 * Every object that ever left a node, by the key it is encrypted under: epoch, leaf, kind and generation (PROTOCOL.md,
 * invariant 5). The keys of epochs are taken from whoever has them; no member could see as much.
 */
export class KeyLedger {
  readonly #epochs = new Map<Eid, Epoch>()
  readonly #byKey = new Map<string, ObjectId>()
  readonly #seen = new Set<ObjectId>()
  readonly #tools = makeToolbox({
    clock: handClock(NOON),
    random: seededRandom('keys'),
    logger: silentLogger,
    suiteId: X25519_SUITE,
  })
  /** Objects of which nobody had the epoch. */
  unread = 0

  get count(): number {
    return this.#byKey.size
  }

  /** A hostile member encrypts it under a key of somebody else's, who knows nothing of it. */
  madeUp(objectId: ObjectId): void {
    this.#seen.add(objectId)
  }

  /** Answers what is wrong, or null. `exempt` members may do as they like. */
  async note(
    groupId: GroupId,
    holders: readonly SimNode[],
    exempt: ReadonlySet<MemberId>,
    { eid, bytes }: WireObject,
  ): Promise<string | null> {
    const objectId = objectIdOf(bytes)
    if (this.#seen.has(objectId)) return null
    this.#seen.add(objectId)
    const framed = decodeFramed(bytes)
    if (!framed.ok) return null
    const epoch = this.#epochOf(groupId, holders, eid)
    if (epoch === null) {
      this.unread += 1
      return null
    }
    try {
      const { header, message } = framed.value
      const senderData = openSenderData(epoch.suite, epoch.secret, message)
      const author = epoch.members.get(senderData.leafIndex)
      if (author !== undefined && exempt.has(author)) return null
      const key = `epoch ${eid} leaf ${senderData.leafIndex} ${header.kind} generation ${senderData.generation}`
      const earlier = this.#byKey.get(key)
      this.#byKey.set(key, objectId)
      return earlier === undefined || earlier === objectId ? null : `${key} was given out twice`
    } catch {
      // not under a key of that epoch: what a hostile member makes
      return null
    }
  }

  #epochOf(groupId: GroupId, holders: readonly SimNode[], eid: Eid): Epoch | null {
    const known = this.#epochs.get(eid)
    if (known !== undefined) return known
    for (const { store, engine } of holders) {
      const stored = readState(store, engine, groupId, eid)
      if (stored === null) continue
      const { groupContext, keySchedule } = unwrap(stored.state)
      const members = new Map(engine.members(stored.state).map((member) => [member.leafIndex, member.memberId]))
      const epoch: Epoch = { suite: this.#tools.parts(groupContext.cipherSuite), secret: keySchedule.senderDataSecret, members }
      this.#epochs.set(eid, epoch)
      return epoch
    }
    return null
  }
}
