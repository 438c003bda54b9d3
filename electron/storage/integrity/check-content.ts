import { setImmediate as turn } from 'node:timers/promises'
import * as z from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { type Work, stopIfCancelled } from '../../kernel/work.ts'
import type { OpenStore } from '../open-store.ts'

/** What tables say of each other. Sound pages can still hold rows that contradict each other: by a defect, or by a wrong log. */
export const contentRules = [
  'counters',
  'senders',
  'own-numbers',
  'messages',
  'deliveries',
  'outbox',
  'search',
  'epochs',
  'records',
] as const
export type ContentRule = (typeof contentRules)[number]

/** How many rows break each rule; rules that hold are not in it. */
export type ContentFaults = Partial<Record<ContentRule, number>>

/** Looked at between two turns of the event loop. */
const SLICE = 2000

type Checked = Pick<OpenStore, 'inspect' | 'settings' | 'groups' | 'directory' | 'peers' | 'joins' | 'senders'>
type Query = [sql: string, ...params: number[]]

/**
 * Looks at all of it, a slice at a time. Progress is told in rules. What cannot even be read counts as one fault of its rule.
 * Throws `AppError('cancelled' | 'stopping')`.
 */
export async function checkContent(store: Checked, work: Work): Promise<ContentFaults> {
  const faults: ContentFaults = {}
  const rules: Record<ContentRule, () => Promise<number>> = {
    counters: () => wrongCounters(store, work),
    senders: () => Promise.resolve(brokenChains(store)),
    'own-numbers': () => ranged(store, work, 'objects', 'position', REUSED_NUMBERS),
    messages: () => ranged(store, work, 'messages', 'id', ORPHANED_MESSAGES),
    deliveries: () => ranged(store, work, 'deliveries', 'position', ORPHANED_DELIVERIES),
    outbox: async () =>
      (await ranged(store, work, 'owed_objects', 'position', WRONG_OUTBOX)) +
      (await ranged(store, work, 'deliveries', 'position', FORGOTTEN)),
    search: () => unindexed(store, work),
    epochs: () => each(store, work, MISSING_TIPS),
    records: () => Promise.resolve(misfits(store)),
  }
  for (const [done, rule] of contentRules.entries()) {
    const count = await readable(rules[rule])
    if (count > 0) faults[rule] = count
    work.progress(done + 1, contentRules.length)
  }
  return faults
}

const COUNTERS = `SELECT count(*) AS n FROM channel_marks m WHERE read_seq > last_seq OR read_seq < 0 OR unread < 0
  OR last_seq < (SELECT ifnull(max(seq), 0) FROM messages WHERE channel_id = m.channel_id)`

const UNREAD = `SELECT count(*) AS n FROM messages m LEFT JOIN groups g USING (group_id)
  WHERE m.channel_id = ? AND m.seq > CAST(? AS INTEGER) AND m.seq <= CAST(? AS INTEGER) AND m.author IS NOT g.self_member_id`

/** Others' messages after the mark, counted a slice at a time: somebody may never have read a long channel. */
async function wrongCounters(store: Checked, work: Work): Promise<number> {
  let count = await each(store, work, [COUNTERS])
  for (const { channel, read, last, unread } of store.inspect(
    'SELECT channel_id AS channel, read_seq AS read, last_seq AS last, unread FROM channel_marks',
  )) {
    if (!(channel instanceof Uint8Array)) continue
    let found = 0
    for (let from = Number(read); from < Number(last); from += SLICE) {
      await turn()
      stopIfCancelled(work)
      found += Number(store.inspect(UNREAD, channel, from, Math.min(from + SLICE, Number(last)))[0]?.['n'] ?? 0)
    }
    if (found !== unread) count += 1
  }
  return count
}

/**
 * A number of ours above the one the next message goes by would be used twice. While a group returns others bring such messages,
 * and nothing is sent before it counts on from beyond them.
 */
const REUSED_NUMBERS = `SELECT count(*) AS n FROM objects o JOIN groups g ON g.group_id = o.group_id AND g.self_member_id = o.sender
  WHERE o.position BETWEEN ? AND ? AND o.sender_seq > g.sent_seq AND g.is_returning = 0`

const ORPHANED_MESSAGES = `SELECT count(*) AS n FROM messages m WHERE m.id BETWEEN ? AND ?
  AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.position = m.object_position)`

const ORPHANED_DELIVERIES = `SELECT count(*) AS n FROM deliveries d WHERE d.position BETWEEN ? AND ?
  AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.position = d.position)`

const WRONG_OUTBOX = `SELECT count(*) AS n FROM owed_objects w WHERE w.position BETWEEN ? AND ?
  AND w.members <> (SELECT count(*) FROM deliveries d WHERE d.position = w.position AND d.acked_at IS NULL)`

const FORGOTTEN = `SELECT count(DISTINCT d.position) AS n FROM deliveries d JOIN objects o USING (position)
  WHERE d.position BETWEEN ? AND ? AND d.acked_at IS NULL AND o.bytes IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM owed_objects w WHERE w.group_id = d.group_id AND w.position = d.position)`

const MISSING_TIPS = [
  `SELECT count(*) AS n FROM groups g WHERE NOT EXISTS (
     SELECT 1 FROM mls_epochs e WHERE e.group_id = g.group_id AND e.eid = g.tip AND e.epoch = g.epoch AND e.superseded_at IS NULL)`,
]

const countOf = (store: Checked, [sql, ...params]: Query): number => Number(store.inspect(sql, ...params)[0]?.['n'] ?? 0)

async function each(store: Checked, work: Work, queries: readonly string[]): Promise<number> {
  let count = 0
  for (const sql of queries) {
    await turn()
    stopIfCancelled(work)
    count += countOf(store, [sql])
  }
  return count
}

/** `sql` takes the first and the last number of a slice, which holds `SLICE` rows of the table. */
async function ranged(store: Checked, work: Work, table: string, column: string, sql: string): Promise<number> {
  let count = 0
  for (let from = 0; ;) {
    await turn()
    stopIfCancelled(work)
    const end = `SELECT max(k) AS last FROM (SELECT ${column} AS k FROM ${table} WHERE ${column} >= CAST(? AS INTEGER) ORDER BY ${column} LIMIT ${SLICE})`
    const last = store.inspect(end, from)[0]?.['last']
    if (typeof last !== 'number') return count
    count += countOf(store, [sql, from, last])
    from = last + 1
  }
}

const runs = z.array(z.int().min(0))

/** Runs of numbers that are here out of turn: from, to, from, to… each after what came before, with a gap between. */
function brokenChains(store: Checked): number {
  const rows = store.inspect('SELECT seq, ahead FROM senders')
  return rows.filter(({ seq, ahead }) => {
    if (typeof seq !== 'number' || seq < 0 || typeof ahead !== 'string') return true
    const parsed = runs.safeParse(parsedJson(ahead))
    if (!parsed.success || parsed.data.length % 2 === 1) return true
    return parsed.data.some((number, at, all) => {
      const before = all[at - 1] ?? seq
      return at % 2 === 0 ? number < before + 2 : number < before
    })
  }).length
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Messages that should be in the index and are not, and entries without a message. */
async function unindexed(store: Checked, work: Work): Promise<number> {
  const from = Number(store.inspect('SELECT indexed_from AS n FROM search_state')[0]?.['n'] ?? 0)
  const missing = `SELECT count(*) AS n FROM messages m WHERE m.id BETWEEN ? AND ? AND m.id >= ${from}
    AND NOT EXISTS (SELECT 1 FROM message_search_docsize s WHERE s.id = m.id)`
  const surplus = `SELECT count(*) AS n FROM message_search_docsize s WHERE s.id BETWEEN ? AND ?
    AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = s.id)`
  return (await ranged(store, work, 'messages', 'id', missing)) + (await ranged(store, work, 'message_search_docsize', 'id', surplus))
}

/** Rows of the small tables that make no sense, by reading them the way the program does. */
function misfits(store: Checked): number {
  const groups = store.groups.list()
  store.directory.spaces()
  store.peers.list()
  store.joins.list()
  for (const { groupId } of groups) {
    store.directory.channels(groupId)
    store.directory.members(groupId)
    store.senders.list(groupId)
  }
  return 0
}

async function readable(rule: () => Promise<number>): Promise<number> {
  try {
    return await rule()
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'unreadable') return 1
    throw thrown
  }
}
