import type { ChannelId, MemberId, MessageId } from '../../../shared/domain/ids.ts'
import type { StoredMessage } from '../../ports/store.ts'
import type { HistoryAnswer, HistoryRequest, PastMessage } from '../../ports/wire.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { arrivedAt } from './arrivals.ts'

/** As many at once as a page can hold, and as large (`network/protocols/history`). */
const PAGE = { messages: 400, bytes: 48 * 1024 } as const
const BATCH = 200

interface Place {
  lamport: number
  messageId: MessageId
}

/** Before every message of that time. */
const FIRST = '' as MessageId

/** Gives newcomers what the space allows of what was said before they came. What was shared here is not shared on. */
export class HistoryDesk {
  /** The oldest message that a member may have of a channel, where that is not the first: looked for once. */
  readonly #floors = new Map<string, Place | null>()

  async answer(group: LiveGroup, from: MemberId, { after }: HistoryRequest): Promise<HistoryAnswer> {
    const { settings } = group.tip
    const until = arrivedAt(group.deps.store, group.groupId, from)
    const isMember = group.members().some(({ memberId }) => memberId === from)
    if (settings.history.kind === 'none' || until === null || !isMember) return { kind: 'none' }
    const channels = settings.channels.map(({ channelId }) => channelId)
    const first = after === null ? 0 : channels.indexOf(after.channelId)
    const page = new Page()
    // A place in no channel is at the end.
    for (const channelId of first < 0 ? [] : channels.slice(first)) {
      const start = { lamport: until + 1, messageId: FIRST }
      const isGoingOn = after?.channelId === channelId && isBefore(after, start)
      const floor = settings.history.kind === 'last' ? await this.#floor(group, channelId, from, start, settings.history.count) : null
      if (!fill(page, group, channelId, isGoingOn ? after : start, floor)) return { kind: 'page', messages: page.messages, next: page.last }
    }
    return { kind: 'page', messages: page.messages, next: null }
  }

  async #floor(group: LiveGroup, channelId: ChannelId, member: MemberId, start: Place, count: number): Promise<Place | null> {
    const key = `${channelId}/${member}/${start.lamport}/${count}`
    const known = this.#floors.get(key)
    if (known !== undefined) return known
    let [left, place, floor]: [number, Place, Place | null] = [count, start, null]
    for (;;) {
      const rows = group.deps.store.messages.olderThan(channelId, place, BATCH)
      for (const row of rows.filter(isOursIn(group))) if (left-- === 1) floor = row
      const last = rows.at(-1)
      if (last === undefined || rows.length < BATCH || floor !== null) break
      place = last
      await Promise.resolve()
    }
    const kept = floor && { lamport: floor.lamport, messageId: floor.messageId }
    this.#floors.set(key, kept)
    return kept
  }
}

class Page {
  readonly messages: PastMessage[] = []
  last: HistoryRequest['after'] = null
  #bytes = 0

  /** False where it has no room any more. */
  add(row: StoredMessage, name: string): boolean {
    const { channelId, lamport, messageId, author, content } = row
    const fits = this.messages.length < PAGE.messages && this.#bytes + content.length <= PAGE.bytes
    if (this.messages.length > 0 && !fits) return false
    this.messages.push({ author, name, content })
    this.#bytes += content.length
    this.last = { channelId, lamport, messageId }
    return true
  }
}

/** False where the page is full before the channel's end. */
function fill(page: Page, group: LiveGroup, channelId: ChannelId, from: Place, floor: Place | null): boolean {
  const { groupId, deps } = group
  const { store } = deps
  const isOurs = isOursIn(group)
  let place = from
  for (;;) {
    const rows = store.messages.olderThan(channelId, place, BATCH)
    for (const row of rows) {
      if (floor !== null && isBefore(row, floor)) return true
      const name = store.directory.member(groupId, row.author)?.name
      if (isOurs(row) && name !== undefined && !page.add(row, name)) return false
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < BATCH) return true
    place = last
  }
}

/** Came from its author to this device, since it came in itself by an invitation as who it was. */
function isOursIn({ deps: { store }, groupId, self }: LiveGroup): (row: StoredMessage) => boolean {
  const since = arrivedAt(store, groupId, self) ?? -1
  return ({ seq, lamport }) => seq > 0 && lamport > since
}

const isBefore = (a: Place, b: Place): boolean => a.lamport < b.lamport || (a.lamport === b.lamport && a.messageId < b.messageId)
