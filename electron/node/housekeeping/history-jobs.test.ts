import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { type OpenStore, openStore } from '../../storage/open-store.ts'
import { staleMark } from '../../storage/snapshots/stale.ts'
import { deliveryOf } from '../../sync/delivery/delivery-state.ts'
import {
  addMessage,
  channelId,
  groupId,
  groupRow,
  memberId,
  messageId,
  messageRow,
  objectId,
  objectRow,
  SELF,
} from '../../testing/contracts/store/rows.ts'
import { FakeClock } from '../../testing/fakes/fake-clock.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { beforeOldest } from '../views/before.ts'
import { historyJobs } from './history-jobs.ts'
import type { Job } from './housekeeping.ts'
import { emptyLog } from './log-job.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let folder: ReturnType<typeof tempDir>
let store: OpenStore
let clock: FakeClock
let events: NodeEvent[]
let jobs: Job[]
beforeEach(() => {
  folder = tempDir()
  store = openStore({ file: join(folder.dir, 'profile.db'), key: new Redacted(new Uint8Array(32).fill(7)) })
  clock = new FakeClock()
  events = []
  begin()
})
afterEach(() => {
  store.close()
  folder.remove()
})

function begin(): void {
  jobs = historyJobs({ store, clock, logger: silentLogger, emit: (event) => events.push(event) })
}

async function run(name: string, signal = new AbortController().signal): Promise<void> {
  const job = jobs.find((one) => one.name === name)
  if (job === undefined) throw new Error('there is such a job')
  await job.run(signal)
}

/** Messages 1…count in channel 1, an hour apart, the last of them now. */
function fill(count: number): void {
  store.transaction((tx) => {
    tx.groups.put(groupRow())
    for (let n = 1; n <= count; n++)
      addMessage(tx, messageRow(n, { lamport: clock.now() - (count - n) * HOUR, sentAt: clock.now() - (count - n) * HOUR }))
  })
}
const keep = (days: number | null): void => store.transaction((tx) => tx.messages.setKeepDays(channelId(1), days))
const left = (): number => store.messages.page(channelId(1), 1000, null).messages.length
const removed = (): unknown[] => events.flatMap((e) => (e.event === 'messages.removed' ? (e.data.messageIds ?? []) : []))

describe('retention', () => {
  test('deletes what is older than its channel keeps, says so, and leaves no snapshot or log that holds it', async () => {
    fill(120)
    keep(1)
    await run('retention')
    expect(left()).toBe(25)
    expect(removed()).toEqual(Array.from({ length: 95 }, (_, n) => messageId(n + 1)))
    expect(events.findLast((e) => e.event === 'channel.read')).toEqual({
      event: 'channel.read',
      data: { channelId: channelId(1), unread: 25, readSeq: 0 },
    })
    expect(staleMark(store.settings)).not.toBeNull()
  })

  test('says once of a channel that it is not here from its start any more', async () => {
    fill(60)
    keep(2)
    await run('retention')
    const told = (): number => events.filter((e) => e.event === 'spaces.changed').length
    const row = { channelId: channelId(1), groupId: groupId(1), name: 'general', kind: 'open', position: 0 } as const
    expect([told(), beforeOldest(store, row, null)]).toEqual([1, 'deleted'])
    keep(1)
    await run('retention')
    keep(null)
    expect([told(), beforeOldest(store, row, null)]).toEqual([1, 'deleted'])
  })

  test('touches nothing where everything is kept, or is not yet old', async () => {
    fill(50)
    await run('retention')
    keep(7)
    await run('retention')
    expect([left(), removed(), staleMark(store.settings)]).toEqual([50, [], null])
  })

  test('does what was chosen at its next look, and what comes of age within the hour', async () => {
    fill(50)
    keep(7)
    await run('retention')
    keep(1)
    await run('retention')
    expect(left()).toBe(25)
    clock.advance(30 * 60_000)
    await run('retention')
    expect(left()).toBe(25)
    clock.advance(31 * 60_000)
    await run('retention')
    expect(left()).toBe(23)
  })

  test('stopped half-way it leaves whole slices, and goes on after a restart', async () => {
    fill(200)
    keep(1)
    const abort = new AbortController()
    const stopping = run('retention', abort.signal)
    abort.abort()
    await stopping
    expect(left()).toBe(195)
    begin()
    await run('retention')
    expect(left()).toBe(25)
  })

  test('deletes nothing by a clock that jumped, until it has stood for an hour', async () => {
    fill(10)
    keep(1)
    await run('retention')
    let jumped = clock.now() + 365 * DAY
    Object.assign(clock, { now: () => jumped })
    await run('retention')
    begin()
    jumped += 30 * 60_000
    await run('retention')
    expect(left()).toBe(10)
    jumped += 31 * 60_000
    await run('retention')
    expect(left()).toBe(0)
  })
})

describe('dropping ciphertext', () => {
  const at = (n: number, daysAgo: number, sender = SELF) => objectRow(n, { sender, storedAt: clock.now() - daysAgo * DAY })
  const here = (...numbers: number[]): boolean[] => numbers.map((n) => store.objects.get(objectId(n)) !== null)

  test("keeps our own for a week after all have it, what is owed and others' for a month", async () => {
    store.transaction((tx) => {
      tx.groups.put(groupRow())
      for (const row of [at(1, 6), at(2, 8), at(3, 8), at(4, 29, memberId(1)), at(5, 31, memberId(1)), at(6, 31)]) tx.objects.put(row)
      for (const n of [3, 6]) tx.deliveries.owe(objectId(n), groupId(1), [memberId(1)])
    })
    await run('prune')
    expect(here(1, 2, 3, 4, 5, 6)).toEqual([true, false, true, true, false, false])
  })

  test('says of a message of ours that it goes and reached nobody; of what some have it goes on being said how many', async () => {
    store.transaction((tx) => {
      tx.groups.put(groupRow())
      for (const n of [1, 2, 3, 4]) {
        tx.objects.put(at(n, n === 3 ? 29 : 31))
        addMessage(tx, messageRow(n, { objectId: objectId(n), author: SELF }))
        tx.deliveries.owe(objectId(n), groupId(1), n === 4 ? [memberId(1), memberId(2)] : [memberId(1)])
      }
      for (const n of [1, 4]) tx.deliveries.ack(objectId(n), memberId(1), clock.now())
    })
    await run('prune')
    expect(here(1, 2, 3, 4)).toEqual([false, false, true, false])
    const failures = [1, 2, 3, 4].map((n) => store.messages.get(messageId(n))?.failure)
    expect(failures).toEqual([null, expect.stringContaining('30 days'), null, null])
    expect(deliveryOf(store.deliveries.of(objectId(4)), null)).toMatchObject({ state: 'held', delivered: 1, recipients: 2 })
    const told = { event: 'message.changed', data: { messageId: messageId(2), delivery: { state: 'failed' } } }
    expect(events).toMatchObject([told])
  })

  test('does so in slices, all of it', async () => {
    store.transaction((tx) => {
      for (let n = 1; n <= 450; n++) tx.objects.put(at(n, 40, memberId(1)))
    })
    await run('prune')
    expect(here(1, 200, 201, 450)).toEqual([false, false, false, false])
  })

  test('drops nothing by a clock that jumped', async () => {
    store.transaction((tx) => tx.objects.put(at(1, 0, memberId(1))))
    await run('prune')
    Object.assign(clock, { now: () => new FakeClock().now() + 60 * DAY })
    await run('prune')
    expect(here(1)).toEqual([true])
  })
})

describe('the index', () => {
  test('is made whole in the background, and stops when told to', async () => {
    fill(250)
    store.transaction((tx) => tx.search.forget())
    const abort = new AbortController()
    const stopping = run('search-index', abort.signal)
    abort.abort()
    await stopping
    expect(store.search.isIncomplete()).toBe(true)
    await run('search-index')
    expect(store.search.isIncomplete()).toBe(false)
    const terms = [{ words: 'text', prefix: false }]
    const { messages } = store.search.find({ terms, groups: null, channelId: null, order: 'newest', limit: 300, before: null })
    expect(messages).toHaveLength(250)
  })
})

describe('the log', () => {
  const logSize = (): number => statSync(join(folder.dir, 'profile.db-wal')).size

  test('is emptied from time to time, of keys that were retired and what was deleted before a crash', async () => {
    fill(5)
    expect(logSize()).toBeGreaterThan(0)
    await run('empty-log')
    expect(logSize()).toBe(0)
  })

  test('is empty right after something was swept', async () => {
    fill(50)
    keep(1)
    await run('retention')
    expect(logSize()).toBe(0)
  })

  test('that cannot be emptied now undoes nothing and is told to the log of the program; a fault is not hidden', () => {
    const warned: unknown[] = []
    const logger = { ...silentLogger, warn: (event: string, fields?: object) => warned.push([event, fields]) }
    const failing = (error: Error) => ({
      logger,
      store: {
        file: Object.assign(Object.create(store.file) as OpenStore['file'], {
          checkpoint: () => {
            throw error
          },
        }),
      },
    })
    emptyLog(failing(new AppError('disk', 'Full.')))
    expect(warned).toEqual([['log-not-emptied', { code: 'disk' }]])
    expect(() => emptyLog(failing(new TypeError('x')))).toThrow(TypeError)
  })
})
