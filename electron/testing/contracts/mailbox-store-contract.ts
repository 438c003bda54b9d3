import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/random.ts'
import { MARK_BYTES } from '../../ports/mailbox.ts'
import type { MailboxStore, SealedObject } from '../../ports/mailbox.ts'

const sealed = (size: number): SealedObject => {
  const bytes = systemRandom.bytes(size)
  return { bytes, hash: new Uint8Array(createHash('sha256').update(bytes).digest()) }
}
const roomy = { tagBytes: 10_000, allBytes: 100_000 }
const most = { objects: 64, bytes: 1_000_000 }

/** What every `MailboxStore` must do. */
export function mailboxStoreContract(name: string, create: () => MailboxStore): void {
  describe(`mailbox store contract: ${name}`, () => {
    const [tag, other] = [systemRandom.bytes(32), systemRandom.bytes(32)]
    let store: MailboxStore
    beforeEach(() => {
      store = create()
    })
    afterEach(() => store.close())
    const all = (of: Uint8Array, after = 0) => store.page(of, after, most)

    it('gives what was put under a tag, in order, and nothing under another', () => {
      const [a, b, c] = [sealed(10), sealed(20), sealed(30)]
      expect(store.put(tag, [a, b], 5, roomy)).toEqual({ kind: 'stored', storedAt: [5, 5] })
      store.put(other, [c], 6, roomy)
      expect(all(tag)).toMatchObject({ objects: [a.bytes, b.bytes], next: 2, more: false, mark: null })
      expect(all(systemRandom.bytes(32))).toEqual({ objects: [], next: 0, more: false, mark: null, nextMark: null })
      expect(store.usage()).toEqual({ tags: 2, objects: 3, bytes: 60 })
    })

    it('keeps what comes twice once, as it was at first, also within one put', () => {
      const [a, b] = [sealed(10), sealed(20)]
      store.put(tag, [a], 5, roomy)
      expect(store.put(tag, [b, a, b], 9, roomy)).toEqual({ kind: 'stored', storedAt: [9, 5, 9] })
      expect(all(tag).objects).toEqual([a.bytes, b.bytes])
      expect(store.put(other, [a], 11, roomy)).toEqual({ kind: 'stored', storedAt: [11] })
    })

    it('gives pages of so many objects and bytes, one at least, that continue where the last one ended', () => {
      const objects = [sealed(10), sealed(90), sealed(10), sealed(10), sealed(10)]
      store.put(tag, objects, 5, roomy)
      const read: Uint8Array[][] = []
      let [next, more] = [0, true]
      while (more) {
        const page = store.page(tag, next, { objects: 2, bytes: 50 })
        read.push(page.objects)
        ;[next, more] = [page.next, page.more]
      }
      expect(read.map((page) => page.map(({ length }) => length))).toEqual([[10], [90], [10, 10], [10]])
      expect(store.page(tag, next, most)).toMatchObject({ objects: [], next, more: false })
      const late = sealed(7)
      store.put(tag, [late], 6, roomy)
      expect(all(tag, next).objects).toEqual([late.bytes])
    })

    it('marks what came together alike, and nothing else, whatever it is', () => {
      const [a, b] = [sealed(10), sealed(20)]
      store.put(tag, [a, b], 5, roomy)
      store.put(other, [a, b], 5, roomy)
      const [first, second, elsewhere] = [all(tag, 1), all(tag, 2), all(other, 1)]
      expect(first.mark).toHaveLength(MARK_BYTES)
      expect([first.nextMark, second.mark, second.nextMark]).toEqual([first.mark, first.mark, first.mark])
      expect(elsewhere.mark).not.toEqual(first.mark)
      store.put(tag, [sealed(30)], 6, roomy)
      expect(all(tag, 3).mark).not.toEqual(first.mark)
      expect(all(tag, 4)).toMatchObject({ objects: [], next: 4, mark: null, nextMark: null })
    })

    it('takes all of a put or nothing, for a tag and in all', () => {
      store.put(tag, [sealed(60)], 5, { tagBytes: 100, allBytes: 150 })
      const [a, b] = [sealed(30), sealed(30)]
      expect(store.put(tag, [a, b], 6, { tagBytes: 100, allBytes: 150 })).toEqual({ kind: 'tag-full' })
      expect(store.put(other, [sealed(91)], 6, { tagBytes: 100, allBytes: 150 })).toEqual({ kind: 'mailbox-full' })
      expect(store.usage()).toEqual({ tags: 1, objects: 1, bytes: 60 })
      expect(store.put(tag, [a], 7, { tagBytes: 100, allBytes: 150 })).toEqual({ kind: 'stored', storedAt: [7] })
      expect(store.put(tag, [a], 8, { tagBytes: 0, allBytes: 0 })).toEqual({ kind: 'stored', storedAt: [7] })
    })

    it('sweeps what is old, some at a time, makes room by it, and uses no place of a tag again', () => {
      const [a, b, c] = [sealed(10), sealed(20), sealed(30)]
      store.put(tag, [a], 5, roomy)
      store.put(tag, [b], 6, roomy)
      store.put(tag, [c], 20, roomy)
      store.put(other, [a], 7, roomy)
      const two = () => store.sweep(10, { objects: 2, bytes: 1_000 })
      expect([two(), two(), two()]).toEqual([
        { objects: 2, more: true },
        { objects: 1, more: false },
        { objects: 0, more: false },
      ])
      expect(all(tag)).toMatchObject({ objects: [c.bytes], next: 3, more: false })
      const { nextMark } = all(tag)
      expect(store.usage()).toEqual({ tags: 1, objects: 1, bytes: 30 })
      expect(store.put(tag, [a], 30, { tagBytes: 40, allBytes: 40 })).toEqual({ kind: 'stored', storedAt: [30] })
      expect(all(tag, 3)).toMatchObject({ objects: [a.bytes], next: 4, more: false, mark: nextMark })
    })

    it('sweeps no more bytes at once than it is told, but always one', () => {
      for (const size of [50, 10, 10, 10]) store.put(tag, [sealed(size)], 5, roomy)
      const some = () => store.sweep(10, { objects: 100, bytes: 25 })
      expect([some(), some(), some()]).toEqual([
        { objects: 1, more: true },
        { objects: 2, more: true },
        { objects: 1, more: false },
      ])
    })

    it('answers nothing once it is closed', () => {
      store.close()
      expect(() => all(tag)).toThrow(expect.objectContaining({ code: 'stopping' }))
      expect(() => store.put(tag, [sealed(1)], 1, roomy)).toThrow(expect.objectContaining({ code: 'stopping' }))
    })
  })
}
