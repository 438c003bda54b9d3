import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { Clock } from '../kernel/clock.ts'

/** One frame of a 60 Hz display: events within it reach the window together. */
const FLUSH_MS = 16
/** A frame with more events than this is no person typing: much arrives at once. */
const MANY = 20
/** No more at a time, however many wait: a page that draws thousands of messages at once stands still for seconds. */
const MOST = 200
/** What the page has for itself after such a frame, to draw it and to answer whoever sits before it. No longer than an answer may take to seem immediate. */
const BREATH_MS = 100
/** Held for a page that does not listen yet; older ones may go. */
const MAX_HELD = 100

/** Events with the same key carry the whole of the same thing, so a later one makes an earlier one pointless; null for those that all count. */
function coalescingKey(event: NodeEvent): string | null {
  switch (event.event) {
    case 'profile.changed':
    case 'settings.changed':
    case 'notice.opened':
    case 'spaces.changed':
    case 'connection.changed':
      return event.event
    case 'members.changed':
      return `${event.event} ${event.data.spaceId}`
    case 'message.changed':
      return `${event.event} ${event.data.messageId}`
    case 'channel.read':
      return `${event.event} ${event.data.channelId}`
    case 'join.changed':
      return `${event.event} ${event.data.joinId}`
    case 'task.changed':
      return `${event.event} ${event.data.taskId}`
    case 'message.added':
    case 'messages.removed':
    case 'link.opened':
      return null
  }
}

/**
 * What no page finds when it starts. It reads the state of everything then: an event of before, which the state has in it already, would
 * be counted twice.
 */
const isNoState = ({ event }: NodeEvent): boolean => event === 'link.opened' || event === 'notice.opened'

/**
 * Carries events to the window in order, a frame's worth at a time and as one, so that the page draws once for all of them. While no page
 * listens it holds what the next one cannot read.
 * A later state of a thing takes the place of an earlier one that still waits: both carry the whole thing.
 */
export class EventPump {
  readonly #clock: Clock
  readonly #send: (events: readonly NodeEvent[]) => void
  #waiting = new Map<string, NodeEvent>()
  #pushed = 0
  #open = false
  #cancel: (() => void) | null = null

  constructor(clock: Clock, send: (events: readonly NodeEvent[]) => void) {
    this.#clock = clock
    this.#send = send
  }

  push(event: NodeEvent): void {
    if (!this.#open && !isNoState(event)) return
    this.#pushed += 1
    this.#waiting.set(coalescingKey(event) ?? `#${this.#pushed}`, event)
    const [oldest] = this.#waiting.keys()
    if (!this.#open && this.#waiting.size > MAX_HELD && oldest !== undefined) this.#waiting.delete(oldest)
    this.#flushSoon()
  }

  /** A page listens from now on. */
  open(): void {
    this.#open = true
    this.#flushSoon()
  }

  /** The page is gone or being replaced. */
  close(): void {
    this.#open = false
    for (const [key, event] of this.#waiting) if (!isNoState(event)) this.#waiting.delete(key)
    this.#cancel?.()
    this.#cancel = null
  }

  #flushSoon(): void {
    if (this.#open && this.#cancel === null && this.#waiting.size > 0) this.#flushAfter(FLUSH_MS)
  }

  #flushAfter(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null
      this.#flush()
    })
  }

  #flush(): void {
    const frame = [...this.#waiting].slice(0, MOST)
    if (frame.length === 0) return
    for (const [key] of frame) this.#waiting.delete(key)
    this.#send(frame.map(([, event]) => event))
    if (frame.length > MANY) this.#flushAfter(BREATH_MS)
  }
}
