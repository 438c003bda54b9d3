import type { PeerId } from '../../shared/domain/ids.ts'
import { AppError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import { shortId } from '../kernel/logger.ts'
import type { Network } from '../ports/network.ts'
import { batches } from '../sync/delivery/batches.ts'
import type { LiveGroup } from '../sync/group/live-group.ts'
import { wayOut } from '../sync/members/way-out.ts'

const REQUEST_MS = 15_000

/**
 * Whoever is removed may reach nobody at that moment. Then it brings what it knew until then to members that ask it later where it is: once to
 * each while this device runs (SPEC.md T8).
 */
export class LastWords {
  readonly #network: Pick<Network, 'push'>
  readonly #logger: Logger
  readonly #given = new WeakMap<LiveGroup, Set<PeerId>>()
  readonly #abort = new AbortController()

  constructor(network: Pick<Network, 'push'>, logger: Logger) {
    this.#network = network
    this.#logger = logger
  }

  async give(group: LiveGroup, peerId: PeerId): Promise<void> {
    const given = this.#given.get(group) ?? new Set<PeerId>()
    if (given.has(peerId)) return
    this.#given.set(group, given.add(peerId))
    try {
      await this.#bring(group, peerId)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      given.delete(peerId)
      this.#logger.info('last-words-not-taken', { peer: shortId(peerId), code: thrown.code })
    }
  }

  stop(): void {
    this.#abort.abort()
  }

  async #bring(group: LiveGroup, peerId: PeerId): Promise<void> {
    const { groupId, deps } = group
    const commits = wayOut(group).flatMap((objectId) => deps.store.objects.get(objectId) ?? [])
    for (const batch of batches(commits, ({ bytes }) => bytes.length)) {
      const objects = batch.map(({ eid, bytes }) => ({ eid, bytes }))
      const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(REQUEST_MS)])
      await this.#network.push(peerId, { groupId, objects }, signal)
    }
  }
}
