import { toHex } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { systemRandom } from '../../kernel/random.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { MailboxStore } from '../../ports/mailbox.ts'

interface Entry {
  tag: string
  place: number
  mark: Uint8Array
  hash: string
  bytes: Uint8Array
  storedAt: number
}

export interface MemoryMailboxStore extends MailboxStore {
  /** All that is in it now, as a backup has it. */
  copy(): MemoryMailboxStore
}

/** A mailbox's store in memory: the same rules (the contract suite says so), none of the durability. */
export const createMemoryMailboxStore = (): MemoryMailboxStore => storeOf([], new Map())

function storeOf(entries: readonly Entry[], places: Map<string, number>): MemoryMailboxStore {
  let open = true
  const sizeOf = (some: readonly Entry[]): number => some.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const markAt = (tag: string, place: number): Uint8Array | null =>
    entries.find((entry) => entry.tag === tag && entry.place === place)?.mark ?? null
  const assertOpen = (): void => {
    if (!open) throw new AppError('stopping', 'The mailbox is closed.')
  }
  return {
    put(tag, objects, at, room) {
      assertOpen()
      const name = toHex(tag)
      const here = entries.filter((entry) => entry.tag === name)
      const fresh = new Map<string, Entry>()
      const mark = systemRandom.bytes(MARK_BYTES)
      let place = places.get(name) ?? 0
      for (const { hash, bytes } of objects) {
        const key = toHex(hash)
        if (fresh.has(key) || here.some((entry) => entry.hash === key)) continue
        fresh.set(key, { tag: name, place: (place += 1), mark, hash: key, bytes: bytes.slice(), storedAt: at })
      }
      const more = sizeOf([...fresh.values()])
      if (more > 0 && sizeOf(here) + more > room.tagBytes) return { kind: 'tag-full' }
      if (more > 0 && sizeOf(entries) + more > room.allBytes) return { kind: 'mailbox-full' }
      entries = [...entries, ...fresh.values()]
      places.set(name, place)
      const all = [...here, ...fresh.values()]
      return { kind: 'stored', storedAt: objects.map(({ hash }) => all.find((entry) => entry.hash === toHex(hash))?.storedAt ?? at) }
    },
    page(tag, after, most) {
      assertOpen()
      const found = entries.filter((entry) => entry.tag === toHex(tag) && entry.place > after)
      let size = 0
      const taken = found.filter(({ bytes }, i) => i < most.objects && ((size += bytes.length) <= most.bytes || i === 0))
      const next = taken.at(-1)?.place ?? after
      return {
        ...{ objects: taken.map(({ bytes }) => bytes.slice()), next, more: taken.length < found.length },
        ...{ mark: markAt(toHex(tag), after), nextMark: markAt(toHex(tag), next) },
      }
    },
    sweep(before, most) {
      assertOpen()
      const old = [...entries].sort((a, b) => a.storedAt - b.storedAt).filter((entry) => entry.storedAt < before)
      let size = 0
      const gone = new Set(old.filter(({ bytes }, i) => i < most.objects && ((size += bytes.length) <= most.bytes || i === 0)))
      entries = entries.filter((entry) => !gone.has(entry))
      for (const { tag } of gone) if (!entries.some((entry) => entry.tag === tag)) places.delete(tag)
      return { objects: gone.size, more: gone.size < old.length }
    },
    usage() {
      assertOpen()
      return { tags: new Set(entries.map(({ tag }) => tag)).size, objects: entries.length, bytes: sizeOf(entries) }
    },
    copy: () => storeOf(entries, new Map(places)),
    close() {
      open = false
    },
  }
}
