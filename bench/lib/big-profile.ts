import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fromHex } from '../../electron/kernel/bytes.ts'
import type { MessageRow } from '../../electron/ports/store.ts'
import { unlock } from '../../electron/storage/key-file/key-file.ts'
import { databasePath } from '../../electron/storage/key-file/profile-folder.ts'
import { migrations } from '../../electron/storage/migrations/migrations.ts'
import { createRepositories } from '../../electron/storage/repositories/repositories.ts'
import { Connection } from '../../electron/storage/sqlite/connection.ts'
import { openDatabase } from '../../electron/storage/sqlite/open-database.ts'
import type { ChannelId, GroupId, MemberId, MessageId, ObjectId } from '../../shared/domain/ids.ts'
import { groupOfSpace } from '../../shared/domain/ids.ts'
import { chatter } from './chatter.ts'
import type { Chatter } from './chatter.ts'
import { newNode, openVault } from './real-node.ts'

const SPACES = 4
const CHANNELS_EACH = 4
/** Of all that is said is said in the first channel. */
const BUSIEST = 0.4
const MEMBERS = 12
const BATCH = 5_000
/** Messages lie about this far apart. */
const STEP_MS = 60_000

/** Below the folder of this run, so that a second runtime finds them; who started the run removes them, else `removeProfiles`. */
const root = (): string => join(tmpdir(), `spacepanda-history-schema-${migrations.length}`)

/** A folder with a real profile, encrypted, that holds so many messages. Made once for each schema. `said` tells how far it is. */
export async function bigProfile(messages: number, said: (line: string) => void): Promise<string> {
  const dir = join(root(), String(messages))
  if (existsSync(dir)) return dir
  const part = `${dir}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  const started = performance.now()
  await fill(part, await emptySpaces(part), messages, said)
  await rename(part, dir)
  said(`made a profile of ${messages.toLocaleString('en')} messages in ${Math.round((performance.now() - started) / 1000)} s`)
  return dir
}

export async function removeProfiles(): Promise<void> {
  if (!basename(tmpdir()).startsWith('spacepanda-bench-')) await rm(root(), { recursive: true, force: true })
}

interface Place {
  groupId: GroupId
  channelId: ChannelId
}

async function emptySpaces(dir: string): Promise<Place[]> {
  const node = await newNode(dir, 'Ada')
  try {
    const places: Place[] = []
    for (let s = 0; s < SPACES; s++) {
      const { spaceId } = await node.api['spaces.create']({ name: `Space ${s}` })
      for (let c = 0; c < CHANNELS_EACH; c++) {
        const { channelId } = await node.api['channels.create']({ spaceId, name: `channel-${c}`, kind: 'open' })
        places.push({ groupId: groupOfSpace(spaceId), channelId })
      }
    }
    return places
  } finally {
    await node.stop()
  }
}

/** Through the repositories, as receiving does it, though many messages to a step and without waiting for the disk. */
async function fill(dir: string, places: readonly Place[], count: number, said: (line: string) => void): Promise<void> {
  const database = openDatabase(databasePath(dir), await unlock(dir, { passphrase: null, vault: openVault }))
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -400000')
  const connection = new Connection(database)
  const { messages, groups } = createRepositories(connection)
  // Long ago acknowledged: the ciphertext is dropped, and its row stays.
  const object = connection.prepare(
    `INSERT INTO objects (object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at) VALUES (?, ?, 'message', ?, 1, ?, ?, NULL, ?)`,
  )
  const talk = chatter(20_26)
  const selves = new Map(groups.list().map((row) => [row.groupId, row.selfMemberId]))
  const first = Date.UTC(2026, 0, 1) - count * STEP_MS
  for (let from = 0; from < count; from += BATCH) {
    connection.transaction(() => {
      for (let n = from; n < Math.min(count, from + BATCH); n++) {
        const row = messageOf(n, first + n * STEP_MS, places, selves, talk)
        const ids = [fromHex(row.objectId), fromHex(row.groupId), fromHex(id('e', 1)), fromHex(row.author)]
        object.run(ids[0] ?? null, ids[1] ?? null, ids[2] ?? null, ids[3] ?? null, n, row.sentAt)
        messages.add(row)
      }
    })
    if (from > 0 && from % 100_000 === 0) said(`${from.toLocaleString('en')} messages`)
    await setImmediate()
  }
  for (const { channelId } of places) connection.transaction(() => messages.markRead(channelId, count))
  connection.close()
}

function messageOf(n: number, at: number, places: readonly Place[], selves: ReadonlyMap<GroupId, MemberId>, talk: Chatter): MessageRow {
  const [busiest, ...others] = places
  const place = talk.next() < BUSIEST ? busiest : others[Math.floor(talk.next() * others.length)]
  if (place === undefined) throw new Error('there are channels')
  const who = Math.floor(talk.next() * MEMBERS)
  const author = who === 0 ? (selves.get(place.groupId) ?? (id('b', 0) as MemberId)) : (id('b', who) as MemberId)
  const text = talk.line()
  return {
    ...{ ...place, author, text, messageId: id('d', n) as MessageId, objectId: id('f', n, 64) as ObjectId },
    ...{ sentAt: at, lamport: at, fileNames: [], replyTo: null, content: new Uint8Array(Buffer.from(text)), failure: null },
  }
}

/** As ids are: nothing in them is in any order. */
const id = (kind: string, n: number, length = 32): string => createHash('sha256').update(`${kind}${n}`).digest('hex').slice(0, length)
