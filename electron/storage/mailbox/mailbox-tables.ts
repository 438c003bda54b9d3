import type { Random } from '../../kernel/random.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { MailboxRoom, MailboxStore, SealedObject } from '../../ports/mailbox.ts'
import { bytes, integer, optional, row } from '../sqlite/columns.ts'
import type { Connection } from '../sqlite/connection.ts'

const decodeUse = row({ bytes: integer, objects: integer, last: integer })
const decodeAge = row({ storedAt: integer })
const decodeEntry = row({ place: integer, size: integer })
const decodeBytes = row({ bytes })
const decodeMark = row({ mark: bytes })
const decodeOld = row({ id: integer, tag: bytes, size: integer })
const decodeTotals = row({ tags: integer, objects: integer, bytes: integer })

export function createMailboxTables(db: Connection, random: Pick<Random, 'bytes'>): MailboxStore {
  const useOf = db.prepare('SELECT bytes, objects, last FROM tags WHERE tag = ?')
  const setUse = db.prepare(
    `INSERT INTO tags (tag, bytes, objects, last) VALUES (?, ?, ?, ?)
     ON CONFLICT (tag) DO UPDATE SET bytes = excluded.bytes, objects = excluded.objects, last = excluded.last`,
  )
  const forgetTag = db.prepare('DELETE FROM tags WHERE tag = ?')
  const ageOf = db.prepare('SELECT stored_at AS storedAt FROM objects WHERE tag = ? AND hash = ?')
  const insert = db.prepare('INSERT INTO objects (tag, place, mark, hash, bytes, size, stored_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const after = db.prepare('SELECT place, size FROM objects WHERE tag = ? AND place > ? ORDER BY place LIMIT ?')
  const between = db.prepare('SELECT bytes FROM objects WHERE tag = ? AND place > ? AND place <= ? ORDER BY place')
  const markAt = db.prepare('SELECT mark FROM objects WHERE tag = ? AND place = ?')
  const old = db.prepare('SELECT id, tag, size FROM objects WHERE stored_at < ? ORDER BY stored_at, id LIMIT ?')
  const remove = db.prepare('DELETE FROM objects WHERE id = ?')
  const totals = db.prepare('SELECT count(*) AS tags, ifnull(sum(objects), 0) AS objects, ifnull(sum(bytes), 0) AS bytes FROM tags')

  /** Counted once, at the start: from then on it follows from what is written. */
  let kept = decodeTotals(totals.get()).bytes

  const use = (tag: Uint8Array) => optional(decodeUse, useOf.get(tag)) ?? { bytes: 0, objects: 0, last: 0 }
  const markOf = (tag: Uint8Array, place: number) => optional(decodeMark, markAt.get(tag, place))?.mark ?? null

  return {
    put(tag, objects, at, room) {
      const { tagBytes, answer } = db.transaction(() => putAll(tag, objects, at, room))
      kept += tagBytes
      return answer
    },
    page(tag, place, most) {
      // One more than asked for, to know whether there is one.
      const found = after.all(tag, place, most.objects + 1).map(decodeEntry)
      let [taken, size, next] = [0, 0, place]
      for (const entry of found) {
        size += entry.size
        if (taken > 0 && (taken >= most.objects || size > most.bytes)) break
        taken += 1
        next = entry.place
      }
      const objects = between.all(tag, place, next).map((entry) => decodeBytes(entry).bytes)
      return { objects, next, more: taken < found.length, mark: markOf(tag, place), nextMark: markOf(tag, next) }
    },
    sweep(before, most) {
      // One more than asked for, to know whether there is one.
      const found = old.all(before, most.objects + 1).map(decodeOld)
      let size = 0
      const taken = found.filter((entry, i) => i < most.objects && ((size += entry.size) <= most.bytes || i === 0))
      const gone = db.transaction(() => taken.map(drop))
      kept -= gone.reduce((sum, each) => sum + each, 0)
      return { objects: gone.length, more: gone.length < found.length }
    },
    usage: () => decodeTotals(totals.get()),
    close: () => db.close(),
  }

  function putAll(tag: Uint8Array, objects: readonly SealedObject[], at: number, room: MailboxRoom) {
    const before = use(tag)
    const fresh = new Map<string, SealedObject>()
    for (const object of objects) {
      const name = Buffer.from(object.hash).toString('latin1')
      if (!fresh.has(name) && ageOf.get(tag, object.hash) === undefined) fresh.set(name, object)
    }
    const more = [...fresh.values()].reduce((sum, object) => sum + object.bytes.length, 0)
    if (more > 0 && before.bytes + more > room.tagBytes) return { tagBytes: 0, answer: { kind: 'tag-full' as const } }
    if (more > 0 && kept + more > room.allBytes) return { tagBytes: 0, answer: { kind: 'mailbox-full' as const } }
    let { last } = before
    const mark = random.bytes(MARK_BYTES)
    for (const object of fresh.values()) insert.run(tag, (last += 1), mark, object.hash, object.bytes, object.bytes.length, at)
    if (fresh.size > 0) setUse.run(tag, before.bytes + more, before.objects + fresh.size, last)
    const storedAt = objects.map(({ hash }) => decodeAge(ageOf.get(tag, hash)).storedAt)
    return { tagBytes: more, answer: { kind: 'stored' as const, storedAt } }
  }

  /** A tag is forgotten with its last object: it was of one day, and nobody asks for it any more. */
  function drop({ id, tag, size }: ReturnType<typeof decodeOld>): number {
    const before = use(tag)
    remove.run(id)
    if (before.objects <= 1) forgetTag.run(tag)
    else setUse.run(tag, before.bytes - size, before.objects - 1, before.last)
    return size
  }
}
