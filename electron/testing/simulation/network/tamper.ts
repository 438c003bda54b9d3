import type { PeerId } from '../../../../shared/domain/ids.ts'
import type { Frontier, ObjectAck, ObjectPush } from '../../../ports/wire.ts'

/** What a hostile member does to what its node would say. Each answers what is said instead; null says nothing at all. */
export interface Tamper {
  push(push: ObjectPush, to: PeerId): ObjectPush | null
  frontier(frontier: Frontier, to: PeerId): Frontier
  acks(acks: ObjectAck[]): ObjectAck[]
}
