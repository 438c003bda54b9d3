import type { Api } from '../../../shared/ipc/contract.ts'
import type { NodeEvent, NodeEvents } from '../../../shared/ipc/events.ts'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Message, Settings, Space } from '../../../shared/domain/models.ts'
import { unreadIn } from '../../../shared/domain/unread.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Logger } from '../../kernel/logger.ts'
import { arrived, dismissed, nothingTold, plan, removed } from './plan.ts'
import type { Notice, NoticeKey, NoticeState } from './plan.ts'
import type { NoticeWords } from './words.ts'

/** What comes within it is told as one, and what is read at once is not told. */
const SETTLE_MS = 400
/** Asking for the spaces costs the more the more there are, and much may come for long. */
const APART_MS = 1_500

export interface NoticeHandle {
  close(): void
}

export interface NoticesDeps {
  clock: Clock
  logger: Logger
  api: Pick<Api, 'settings.get' | 'spaces.list'>
  /** Shows a notice; null where the system shows none. `onGone`: it is not there any more, whoever took it away. */
  show: (words: NoticeWords, listener: { onClick: () => void; onGone: () => void }) => NoticeHandle | null
  /** The channel that is open in the window while that is in front; else null. */
  watched: () => ChannelId | null
  /** A notice was clicked; `place` is null where it stood for many. */
  onOpen: (place: NodeEvents['notice.opened'] | null) => void
  /** How much the window counts as unread. */
  onUnread: (count: number) => void
}

/** Shows on the desktop what the plan says, and closes it: the part of notices that has timers, and calls that may fail. */
export class Notices {
  readonly #deps: NoticesDeps
  readonly #handles = new Map<NoticeKey, NoticeHandle>()
  #state: NoticeState = nothingTold
  /** Changes whenever what was asked for before counts no longer. */
  #opening = 0
  #isLooking = false
  /** Something changed while it looked. */
  #isBehind = false
  #dueAt = 0
  #lookedAt = -Infinity
  #cancel: (() => void) | null = null
  #stopped = false

  constructor(deps: NoticesDeps) {
    this.#deps = deps
  }

  heard({ event, data }: NodeEvent): void {
    switch (event) {
      case 'profile.changed':
        if (data.kind === 'open') return this.looked()
        return this.#forget()
      case 'message.added':
        return this.#arrived(data)
      case 'messages.removed':
        this.#state = removed(this.#state, data.channelId, data.messageIds)
        return this.looked()
      case 'settings.changed':
        // What was asked for before may be more than is wished now.
        this.#opening += 1
        return this.looked()
      case 'channel.read':
      case 'spaces.changed':
        return this.looked()
      default:
        return undefined
    }
  }

  /** What is no news changes nothing of how much is unread either: a whole history that is handed over costs nothing here. */
  #arrived(message: Message): void {
    const state = arrived(this.#state, message)
    if (state === this.#state) return
    this.#state = state
    this.looked()
  }

  /** Something changed of what is shown or looked at: it is seen to soon. */
  looked(): void {
    const apart = this.#lookedAt + APART_MS - this.#deps.clock.now()
    this.#lookIn(apart > APART_MS ? SETTLE_MS : Math.max(SETTLE_MS, apart))
  }

  /** Takes away all that it showed. */
  stop(): void {
    this.#stopped = true
    this.#forget()
  }

  /** The profile is closed: nothing of it is shown any longer, nor kept here. */
  #forget(): void {
    this.#opening += 1
    this.#cancel?.()
    this.#cancel = null
    this.#state = nothingTold
    for (const key of [...this.#handles.keys()]) this.#close(key)
    this.#deps.onUnread(0)
  }

  #lookIn(ms: number): void {
    if (this.#isLooking) this.#isBehind = true
    if (this.#stopped || this.#isLooking) return
    const dueAt = this.#deps.clock.now() + ms
    if (this.#cancel !== null && this.#dueAt <= dueAt) return
    this.#cancel?.()
    this.#dueAt = dueAt
    this.#cancel = this.#deps.clock.after(ms, () => {
      this.#cancel = null
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    const { api, clock, logger } = this.#deps
    const opening = this.#opening
    this.#isLooking = true
    this.#lookedAt = clock.now()
    let againMs: number | null = null
    try {
      const [settings, spaces] = await Promise.all([api['settings.get']({}), api['spaces.list']({})])
      if (opening === this.#opening) againMs = this.#carryOut(settings, spaces)
    } catch (thrown) {
      // Locked, closed or unreadable: then the window says so.
      if (!(thrown instanceof AppError)) logger.warn('notices-not-planned', { fault: faultName(thrown) })
    }
    const { isBehind } = this.#seen()
    if (isBehind) this.looked()
    else if (againMs !== null) this.#lookIn(Math.max(againMs, APART_MS))
  }

  #seen(): { isBehind: boolean } {
    const isBehind = this.#isBehind
    this.#isBehind = false
    this.#isLooking = false
    return { isBehind }
  }

  #carryOut(settings: Settings, spaces: readonly Space[]): number | null {
    const { clock, watched, onUnread } = this.#deps
    const { state, close, show, againMs } = plan(this.#state, { now: clock.now(), mode: settings.notices, spaces, watched: watched() })
    this.#state = state
    for (const key of close) this.#close(key)
    if (show !== null) this.#show(show)
    onUnread(unreadIn(spaces))
    return againMs
  }

  #show({ key, place, title, body }: Notice): void {
    this.#close(key)
    const own: { handle: NoticeHandle | null } = { handle: null }
    const isShown = (): boolean => own.handle !== null && this.#handles.get(key) === own.handle
    own.handle = this.#deps.show(
      { title, body },
      {
        onClick: () => {
          if (!isShown()) return
          this.#close(key)
          this.#state = dismissed(this.#state, key)
          this.#deps.onOpen(place)
        },
        onGone: () => {
          if (!isShown()) return
          this.#handles.delete(key)
          this.#state = dismissed(this.#state, key)
        },
      },
    )
    if (own.handle === null) this.#state = dismissed(this.#state, key)
    else this.#handles.set(key, own.handle)
  }

  #close(key: NoticeKey): void {
    const handle = this.#handles.get(key)
    this.#handles.delete(key)
    handle?.close()
  }
}
