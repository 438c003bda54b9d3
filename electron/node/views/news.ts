import { spaceOfGroup } from '../../../shared/domain/ids.ts'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import type { Connection } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Store } from '../../ports/store.ts'
import { memberViews, spaceViews } from './views.ts'

/** Changes of the network come in bursts; the window needs only where they end. */
const SETTLE_MS = 100
/** In large spaces it takes long to gather what to show: one part in so many of the time goes into that, and more only where it is late by now. */
const SHARE = 20
/** Never later than that: a clock that was set says nothing of how long it took. */
const LATEST_MS = 2_000

interface Deps {
  store: Store
  clock: Clock
  emit: (event: NodeEvent) => void
  online: (groupId: GroupId) => ReadonlySet<MemberId>
  connection: () => Connection
  /** Something of the connection changed, and has settled. */
  settled: () => void
}

/** Tells the window and the command line what changed. */
export class News {
  readonly #deps: Deps
  #cancel: (() => void) | null = null
  #isNetworkKnown = false
  /** How long it took last, in milliseconds. */
  #tookMs = 0

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What is still being stored must not start a timer that finds the database closed. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = () => undefined
  }

  spaces(): void {
    this.#deps.emit({ event: 'spaces.changed', data: spaceViews(this.#deps.store) })
  }

  members(groups: readonly GroupId[]): void {
    for (const groupId of groups) {
      const members = memberViews(this.#deps.store, groupId, this.#deps.online(groupId))
      this.#deps.emit({ event: 'members.changed', data: { spaceId: spaceOfGroup(groupId), members } })
    }
    this.connection()
  }

  /** Before that nothing is told of the connection: it would look like one that is lost. */
  networkKnown(): void {
    this.#isNetworkKnown = true
    this.connection()
  }

  connection(): void {
    if (!this.#isNetworkKnown) return
    const { clock, settled, emit, connection } = this.#deps
    this.#cancel ??= clock.after(Math.min(LATEST_MS, Math.max(SETTLE_MS, SHARE * this.#tookMs)), () => {
      this.#cancel = null
      settled()
      const begun = clock.now()
      emit({ event: 'connection.changed', data: connection() })
      this.#tookMs = Math.max(0, clock.now() - begun)
    })
  }
}
