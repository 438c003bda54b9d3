import type { ChannelId, MessageId, SpaceId } from '../../../shared/domain/ids.ts'
import type { Channel, Message, NoticeMode, Space } from '../../../shared/domain/models.ts'
import { wordsOf, wordsOfMany } from './words.ts'
import type { NoticeWords } from './words.ts'

/** Notices of single channels that stand at a time: with more of them nobody sees any. */
export const MOST_SHOWN = 4
/** Whatever peers do. */
export const MOST_A_MINUTE = 6
const MINUTE_MS = 60_000
/** Until the same notice comes again. Each time that nobody reads, twice as long, up to five minutes. */
const GAP_MS = 5_000
const MOST_TIMES = 6
/** Up to a minute and a half: whoever floods many channels must not hold up what others say for long. */
const MOST_TIMES_MANY = 4
/** What comes so soon after a notice of many channels belongs to it. */
const BURST_MS = MINUTE_MS

/** A channel, or all of which no single notice is shown. */
export type NoticeKey = ChannelId | 'many'

export interface Notice extends NoticeWords {
  key: NoticeKey
  /** Where a click leads; null brings the window to the front, and no more. */
  place: { spaceId: SpaceId; channelId: ChannelId; messageId: MessageId | null } | null
}

interface Shown {
  at: number
  mode: NoticeMode
  /** Up to which `seq` it tells of each. */
  seqs: ReadonlyMap<ChannelId, number>
  /** The last message that it tells of; null where it stands for many. */
  messageId: MessageId | null
}

interface Told {
  at: number
  seq: number
  /** How often in a row nobody read it. */
  times: number
}

export interface NoticeState {
  /** The newest message of each channel that nobody was told of. */
  waiting: ReadonlyMap<ChannelId, Message>
  shown: ReadonlyMap<NoticeKey, Shown>
  told: ReadonlyMap<NoticeKey, Told>
  /** When notices were shown in the last minute. */
  recent: readonly number[]
}

export const nothingTold: NoticeState = { waiting: new Map(), shown: new Map(), told: new Map(), recent: [] }

/** How things stand when it is decided what to show. */
export interface Look {
  now: number
  mode: NoticeMode
  spaces: readonly Space[]
  /** The channel that is open before somebody's eyes; null where the window is not in front. */
  watched: ChannelId | null
}

export interface Plan {
  state: NoticeState
  close: readonly NoticeKey[]
  /** Takes the place of the one of the same key. Never more than one at a time. */
  show: Notice | null
  /** When to look again though nothing new comes; null when there is no need. */
  againMs: number | null
}

/** A message came. What was said long ago, was given to this device by others, or is one's own is no news (`seq` in shared/domain/models.ts). */
export function arrived(state: NoticeState, message: Message): NoticeState {
  const { channelId, seq, author, deleted } = message
  const known = Math.max(state.told.get(channelId)?.seq ?? 0, state.waiting.get(channelId)?.seq ?? 0)
  return author.self || deleted || seq <= known ? state : { ...state, waiting: new Map(state.waiting).set(channelId, message) }
}

/** Messages are gone from this device, null: too many to name. What stood for them is not shown any longer. */
export function removed(state: NoticeState, channelId: ChannelId, messageIds: readonly MessageId[] | null): NoticeState {
  const isGone = (messageId: MessageId | null): boolean => messageId !== null && (messageIds === null || messageIds.includes(messageId))
  const waiting = without(state.waiting, (message, key) => key === channelId && isGone(message.messageId))
  const shown = new Map(state.shown)
  for (const [key, notice] of shown)
    if (key === channelId && isGone(notice.messageId)) shown.set(key, { ...notice, seqs: new Map([[channelId, 0]]) })
  return { ...state, waiting, shown }
}

/** The system or the person took a notice away. */
export const dismissed = (state: NoticeState, key: NoticeKey): NoticeState => ({
  ...state,
  shown: without(state.shown, (_, k) => k === key),
})

interface Here {
  space: Space
  channel: Channel
}

/** What is to be shown now, and what not any longer. Pure: what was read, and nothing that is remembered here, decides what is news. */
export function plan(before: NoticeState, look: Look): Plan {
  const places = placesIn(look)
  const { state, close } = tidied(before, look, places)
  const { now, mode } = look
  const due = [...state.waiting.values()].filter(({ channelId }) => waitOf(state.told.get(channelId), now) === 0)
  const many = standsForMany(state, due, now)
  const waitMs = Math.max(minuteWait(state.recent, now), many ? waitOf(state.told.get('many'), now) : 0)
  const [first] = due
  const place = first && places.get(first.channelId)
  if (first === undefined || place === undefined) return { state, close, show: null, againMs: soonest(state, now) }
  if (waitMs > 0) return { state, close, show: null, againMs: waitMs }

  const said = new Set(due.map(({ channelId }) => channelId))
  const told = new Map(state.told)
  for (const { channelId, seq } of due) told.set(channelId, toldAgain(told.get(channelId), seq, now, MOST_TIMES))
  const waiting = without(state.waiting, (_, channelId) => said.has(channelId))
  const next = { ...state, waiting, told, recent: [...state.recent, now] }
  const planned = many ? ofMany(next, due, { ...look, places }) : ofOne(next, first, place, { now, mode })
  return { ...planned, close: [...close, ...planned.close], againMs: soonest(planned.state, now) }
}

/** Where messages may be news from: a removed member is told nothing of a space. */
function placesIn({ spaces }: Look): Map<ChannelId, Here> {
  const member = spaces.filter(({ status }) => status.kind === 'member')
  const all = member.flatMap((space) => space.channels.map((channel) => ({ space, channel })))
  return new Map(all.filter(({ channel }) => channel.status.kind === 'member').map((here) => [here.channel.channelId, here]))
}

/** Without what was read, is looked at, or may not be shown any longer. */
function tidied(before: NoticeState, { now, mode, watched }: Look, places: ReadonlyMap<ChannelId, Here>) {
  const isRead = (channelId: ChannelId, seq: number): boolean => seq <= (places.get(channelId)?.channel.readSeq ?? seq)
  const isOver = (channelId: ChannelId, seq: number): boolean => mode === 'off' || channelId === watched || isRead(channelId, seq)
  const isStale = (notice: Shown): boolean => notice.mode !== mode || [...notice.seqs].every(([channelId, seq]) => isOver(channelId, seq))
  const state: NoticeState = {
    waiting: without(before.waiting, ({ channelId, seq }) => isOver(channelId, seq)),
    shown: without(before.shown, isStale),
    told: without(before.told, ({ at, seq }, key) => (key === 'many' ? now - at > 2 * gapOf(MOST_TIMES_MANY) : isRead(key, seq))),
    recent: before.recent.filter((at) => at <= now && now - at < MINUTE_MS),
  }
  return { state, close: [...before.shown.keys()].filter((key) => !state.shown.has(key)) }
}

function standsForMany({ shown }: NoticeState, due: readonly Message[], now: number): boolean {
  const [first] = due
  if (first === undefined) return false
  const many = shown.get('many')
  const isInMany = many !== undefined && (now - many.at < BURST_MS || many.seqs.has(first.channelId))
  return due.length > 1 || isInMany || (!shown.has(first.channelId) && singles(shown).length >= MOST_SHOWN)
}

const singles = (shown: NoticeState['shown']): ChannelId[] => [...shown.keys()].flatMap((key) => (key === 'many' ? [] : [key]))

type Shows = Omit<Plan, 'againMs'>

function ofOne(state: NoticeState, message: Message, { space, channel }: Here, { now, mode }: Pick<Look, 'now' | 'mode'>): Shows {
  const { channelId, messageId, seq } = message
  const count = Math.max(1, channel.unread)
  // With more than one it is better to begin where reading stopped.
  const place = { spaceId: space.spaceId, channelId, messageId: count === 1 ? messageId : null }
  const shown = new Map(state.shown).set(channelId, { at: now, mode, seqs: new Map([[channelId, seq]]), messageId })
  return { state: { ...state, shown }, close: [], show: { key: channelId, place, ...wordsOf({ space, channel }, message, count, mode) } }
}

function ofMany(
  state: NoticeState,
  due: readonly Message[],
  { now, mode, places }: Look & { places: ReadonlyMap<ChannelId, Here> },
): Shows {
  const alone = singles(state.shown)
  const seqs = new Map(state.shown.get('many')?.seqs)
  // Where there are too many single ones it stands for all of them, else for those that have news.
  const isCrowded = alone.length >= MOST_SHOWN
  const taken = alone.filter((key) => isCrowded || due.some(({ channelId }) => channelId === key))
  for (const key of taken) for (const [channelId, seq] of state.shown.get(key)?.seqs ?? []) seqs.set(channelId, seq)
  for (const { channelId, seq } of due) seqs.set(channelId, seq)
  const unread = [...seqs.keys()].map((channelId) => places.get(channelId)?.channel.unread ?? 0).filter((count) => count > 0)
  const count = Math.max(
    due.length,
    unread.reduce((sum, one) => sum + one, 0),
  )
  const shown = new Map(without(state.shown, (_, key) => key !== 'many' && taken.includes(key)))
  shown.set('many', { at: now, mode, seqs, messageId: null })
  const told = new Map(state.told).set('many', toldAgain(state.told.get('many'), 0, now, MOST_TIMES_MANY))
  const show = { key: 'many' as const, place: null, ...wordsOfMany(count, Math.max(unread.length, 1)) }
  return { state: { ...state, shown, told }, close: taken, show }
}

const gapOf = (times: number): number => GAP_MS * 2 ** times

/** How long it is until the same may be told again. A clock that was put back makes nobody wait. */
function waitOf(told: Told | undefined, now: number): number {
  const passed = told === undefined ? Infinity : now - told.at
  return told === undefined || passed < 0 ? 0 : Math.max(0, gapOf(told.times) - passed)
}

/** It goes on, or was quiet for so long that it begins anew. */
function toldAgain(before: Told | undefined, seq: number, now: number, most: number): Told {
  const isNew = before === undefined || now - before.at > 2 * gapOf(before.times)
  return { at: now, seq, times: isNew ? 0 : Math.min(before.times + 1, most) }
}

function minuteWait(recent: readonly number[], now: number): number {
  const [oldest] = recent
  return oldest === undefined || recent.length < MOST_A_MINUTE ? 0 : oldest + MINUTE_MS - now
}

const soonest = ({ waiting, told }: NoticeState, now: number): number | null =>
  waiting.size === 0 ? null : Math.min(...[...waiting.keys()].map((channelId) => waitOf(told.get(channelId), now)))

const without = <K, V>(map: ReadonlyMap<K, V>, isOut: (value: V, key: K) => boolean): ReadonlyMap<K, V> =>
  new Map([...map].filter(([key, value]) => !isOut(value, key)))
