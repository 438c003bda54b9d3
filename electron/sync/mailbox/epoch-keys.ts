import type { Eid } from '../../../shared/domain/ids.ts'
import { distinct, toHex } from '../../kernel/bytes.ts'
import { isForked, pathTo, readState } from '../group/epoch-store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { presenceKeysBefore } from '../group/presence-keys.ts'
import { decodeSettings } from '../policy/settings.ts'
import { DAY_MS } from './day-keys.ts'

/** How long a mailbox keeps anything, so that what was put under an older key is gone by then. */
export const KEPT_DAYS = 30
/** Of older keys, and of branches that are not followed: each is asked for once for every day. Of older ones the rest are asked for rarely. */
const MOST_OLDER = 8
const MOST_ASIDE = 8
const REMEMBERED = 256

/** Under which presence keys objects of a group lie in mailboxes: each under that of the epoch it is encrypted under. */
export class EpochKeys {
  readonly #keys = new Map<Eid, Uint8Array | null>()

  /** Null if that epoch is not, or no longer, readable here. */
  of(group: LiveGroup, eid: Eid): Uint8Array | null {
    if (eid === group.tip.row.tip) return group.tip.settings.presenceKey
    const known = this.#keys.get(eid)
    if (known !== undefined) return known
    const { store, engine } = group.deps
    const stored = readState(store, engine, group.groupId, eid)
    const key = (stored && decodeSettings(engine.settings(stored.state))?.presenceKey) ?? null
    for (const oldest of this.#keys.keys()) if (this.#keys.size >= REMEMBERED) this.#keys.delete(oldest)
    // What is not here now may come.
    if (key !== null) this.#keys.set(eid, key)
    return key
  }

  /**
   * Those that anything readable may lie under, the oldest first: what leads to a newer key lies under the one before. `withOldest`: also those
   * that hardly anything is put under any more, by who wrote it long ago and had no network.
   */
  readable(group: LiveGroup, { withOldest = true } = {}): Uint8Array[] {
    const { store, clock } = group.deps
    const { groupId, tip } = group
    const since = clock.now() - KEPT_DAYS * DAY_MS
    const older = presenceKeysBefore(store, groupId).filter(({ until }, i) => i === 0 || until >= since)
    const followed = older
      .slice(0, withOldest ? undefined : MOST_OLDER)
      .map(({ presenceKey }) => presenceKey)
      .reverse()
    const names = new Set([...followed, tip.settings.presenceKey].map(toHex))
    const aside = this.#aside(group).filter((key) => !names.has(toHex(key)))
    // The key of today may be an older one that came back, with the branch that has it.
    return distinct([...followed, ...aside.slice(0, MOST_ASIDE), tip.settings.presenceKey])
  }

  #aside(group: LiveGroup): Uint8Array[] {
    const { store } = group.deps
    if (!isForked(store, group.groupId)) return []
    const path = new Set(pathTo(store, group.groupId, group.tip.row.tip).map(({ eid }) => eid))
    const aside = store.mls.epochs(group.groupId).filter(({ eid }) => !path.has(eid))
    return distinct(aside.flatMap(({ eid }) => this.of(group, eid) ?? []))
  }
}
