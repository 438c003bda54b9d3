import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Store } from '../electron/ports/store.ts'
import { unlock } from '../electron/storage/key-file/key-file.ts'
import { databasePath } from '../electron/storage/key-file/profile-folder.ts'
import { openStore } from '../electron/storage/open-store.ts'
import { parseQuery } from '../electron/storage/repositories/search/query.ts'
import type { ChannelId } from '../shared/domain/ids.ts'
import { bigProfile, removeProfiles } from './lib/big-profile.ts'
import { RARE_WORD } from './lib/chatter.ts'
import { openVault } from './lib/real-node.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { pssOf } from './lib/window/memory.ts'

const ROUNDS = 9
const PAGE = 50
/** A profile that somebody just made, one of a few months, and one of many years; the last by argument. */
const NEW = 1_000
const YOUNG = 10_000
const OLD = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 1_000_000)
const MEASURE_MEMORY = '--memory-of'

const named = (count: number): string => count.toLocaleString('en')
const QUERIES = {
  'a rare word': RARE_WORD,
  'a common word ': 'the ',
  'the first two letters of a word': 'co',
  'two words': 'the con ',
  'a Chinese phrase': '的一',
} as const
type Query = keyof typeof QUERIES

const opened = (count: number) => `open the profile to its first page, of ${named(count)}`
const newest = (count: number) => `the newest ${PAGE} of a channel, of ${named(count)}`
const memory = (count: number) => `memory after opening, paging and searching, of ${named(count)}`
const searched = (query: Query) => `search for ${query.trim()}`
const around = 'land on a date long ago'
const inChannel = 'search for a common word in a small channel'
const relevant = 'search for a common word by relevance'

const LINES: Line[] = [
  { name: opened(NEW), unit: 'ms', against: null },
  { name: opened(OLD), unit: 'ms', against: opened(NEW) },
  { name: newest(YOUNG), unit: 'ms', against: null },
  { name: newest(OLD), unit: 'ms', against: newest(YOUNG) },
  { name: around, unit: 'ms', against: newest(OLD) },
  ...(Object.keys(QUERIES) as Query[]).map((query): Line => ({ name: searched(query), unit: 'ms', against: null })),
  { name: inChannel, unit: 'ms', against: null },
  { name: relevant, unit: 'ms', against: null },
  { name: memory(NEW), unit: 'MB', against: null },
  { name: memory(OLD), unit: 'MB', against: memory(NEW) },
]

const open = async (dir: string): Promise<Store> =>
  openStore({ file: databasePath(dir), key: await unlock(dir, { passphrase: null, vault: openVault }) })

/** The one in which most is said. */
function busiest(store: Store): ChannelId {
  const [space] = store.directory.spaces()
  const channels = space === undefined ? [] : store.directory.channels(space.groupId)
  const [channel] = channels.toSorted((a, b) => seqOf(store, b.channelId) - seqOf(store, a.channelId))
  if (channel === undefined) throw new Error('there is a channel')
  return channel.channelId
}
const seqOf = (store: Store, channelId: ChannelId): number => store.messages.page(channelId, 1, null).messages[0]?.seq ?? 0

const timed = (work: () => unknown): number => {
  const started = performance.now()
  work()
  return performance.now() - started
}

const find = (store: Store, text: string, channelId: ChannelId | null = null, order: 'newest' | 'relevance' = 'newest') =>
  store.search.find({ terms: parseQuery(text), groups: null, channelId, order, limit: PAGE, before: null })

/** What is needed before a window shows a channel: all spaces with what is unread, and its newest messages. */
const opening =
  (dir: string, count: number, channelId: ChannelId): Turn<string> =>
  async () => {
    const key = await unlock(dir, { passphrase: null, vault: openVault })
    let store: Store | undefined
    const ms = timed(() => {
      store = openStore({ file: databasePath(dir), key })
      for (const space of store.directory.spaces())
        for (const channel of store.directory.channels(space.groupId)) store.messages.unread(channel.channelId)
      store.messages.page(channelId, PAGE, null)
    })
    store?.close()
    return { [opened(count)]: [ms] }
  }

/** Of an open profile, again and again, as somebody reads and searches. */
const reading =
  (store: Store, count: number, channelId: ChannelId): Turn<string> =>
  async () => {
    const samples: Record<string, number[]> = { [newest(count)]: [], [around]: [] }
    const note = (name: string, work: () => unknown): void => void (samples[name] ??= []).push(timed(work))
    for (let i = 0; i < 20; i++) note(newest(count), () => store.messages.page(channelId, PAGE, null))
    if (count !== OLD) return { [newest(count)]: samples[newest(count)] ?? [] }
    const last = store.messages.page(channelId, 1, null).messages[0]?.lamport ?? 0
    for (let i = 0; i < 5; i++)
      note(around, () => store.messages.around(channelId, PAGE, { kind: 'date', at: last - (OLD - i * 97) * 30_000 }))
    for (const [query, text] of Object.entries(QUERIES)) for (let i = 0; i < 5; i++) note(searched(query as Query), () => find(store, text))
    const [, , small] = store.directory.spaces()
    const [channel] = small === undefined ? [] : store.directory.channels(small.groupId)
    for (let i = 0; i < 5; i++) note(inChannel, () => find(store, 'the ', channel?.channelId ?? channelId))
    for (let i = 0; i < 3; i++) note(relevant, () => find(store, 'the ', null, 'relevance'))
    return samples
  }

/** In a process of its own: what it then has for itself. */
const remembering =
  (dir: string, count: number): Turn<string> =>
  async () => {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), MEASURE_MEMORY, dir], { encoding: 'utf8' })
    const megabytes = Number(stdout.trim())
    return Number.isFinite(megabytes) && megabytes > 0 ? { [memory(count)]: [megabytes] } : {}
  }

/** The other end of `remembering`. */
async function measureMemory(dir: string): Promise<void> {
  const store = await open(dir)
  const channelId = busiest(store)
  let cursor: string | null = null
  for (let page = 0; page < 20; page++) cursor = store.messages.page(channelId, PAGE, cursor).nextCursor
  for (const text of Object.values(QUERIES)) find(store, text)
  globalThis.gc?.()
  const megabytes = (await pssOf(process.pid)) ?? process.memoryUsage().rss / 2 ** 20
  process.stdout.write(`${megabytes}\n`)
  store.close()
}

function verdicts(rows: readonly Row[]): string[] {
  const row = (name: string): Row | undefined => rows.find((one) => one.name === name)
  const say = (what: string, value: number | undefined, unit: string, limit: number): string =>
    value === undefined ? `${what}: not measured` : `${what}: ${value.toFixed(2)} ${unit}, ${value <= limit ? 'within' : 'MISSES'} ${limit}`
  return [
    say('newest page', row(newest(OLD))?.median, 'ms', 5),
    say('newest page', row(newest(OLD))?.ratio?.median, '× that of a tenth of a tenth', 1.5).replace('a tenth of a tenth', named(YOUNG)),
    say('rare word', row(searched('a rare word'))?.median, 'ms', 20),
    say('opening', row(opened(OLD))?.ratio?.median, `× that of ${named(NEW)}`, 1.3),
    say('memory', row(memory(OLD))?.ratio?.median, `× that of ${named(NEW)}`, 1.1),
  ]
}

async function main(): Promise<void> {
  const said = (line: string): void => void process.stdout.write(`  ${line}\n`)
  try {
    const dirs = { fresh: await bigProfile(NEW, said), young: await bigProfile(YOUNG, said), old: await bigProfile(OLD, said) }
    const report = await begin('history', `a profile of ${named(OLD)} messages beside small ones`)
    const channels = { fresh: channelOf(await open(dirs.fresh)), old: channelOf(await open(dirs.old)) }
    const closed = await alternate(
      LINES.map((line) => line.name),
      [
        opening(dirs.fresh, NEW, channels.fresh),
        opening(dirs.old, OLD, channels.old),
        remembering(dirs.fresh, NEW),
        remembering(dirs.old, OLD),
      ],
      { rounds: ROUNDS, warmUp: 1, budgetMs: 30_000 },
    )
    const [young, old] = [await open(dirs.young), await open(dirs.old)]
    try {
      const read = await alternate(
        LINES.map((line) => line.name),
        [reading(young, YOUNG, busiest(young)), reading(old, OLD, busiest(old))],
        { rounds: ROUNDS, warmUp: 1, budgetMs: 40_000 },
      )
      const merged = Object.fromEntries(LINES.map(({ name }) => [name, [...(closed[name] ?? []), ...(read[name] ?? [])]]))
      const rows = rowsOf(LINES, merged)
      await report.finish(rows, verdicts(rows))
    } finally {
      young.close()
      old.close()
    }
  } finally {
    await removeProfiles()
  }
}

/** Asks, and closes. */
function channelOf(store: Store): ChannelId {
  try {
    return busiest(store)
  } finally {
    store.close()
  }
}

const at = process.argv.indexOf(MEASURE_MEMORY)
if (at === -1) await main()
else await measureMemory(process.argv[at + 1] ?? '')
