import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import { createMemoryStore } from '../../testing/fakes/memory-store.ts'
import { comparedTags, lackedBy } from './compare.ts'
import { dayOfTag, encodeFetchNotes, putFetchNotes, readFetchNotes, tagId, unread, withSeen } from './fetch-notes.ts'
import type { TagNote } from './fetch-notes.ts'

const [A, B, C] = ['a', 'b', 'c'].map((letter) => `12D3KooW${letter.repeat(44)}` as PeerId) as [PeerId, PeerId, PeerId]
const hash = (byte: number) => new Uint8Array(32).fill(byte)
const note = (bytes: number[], complete = false): TagNote => ({
  cursor: bytes.length,
  mark: null,
  complete,
  seen: withSeen(unread, bytes.map(hash)),
})
const [monday, tuesday] = [tagId('00ff', 1), tagId('00ff', 2)]
const named = (id: string, byte: number) => `${id}/${byte.toString(16).padStart(2, '0').repeat(8)}`

const turn = { take: () => Promise.resolve() }
const tags = (...all: [string, TagNote][]) => new Map(all)
const lacked = async (mailbox: ReturnType<typeof tags>, ...others: ReturnType<typeof tags>[]) => [
  ...(await lackedBy(mailbox, others, turn)),
]

describe('mailboxes held against each other', () => {
  it('lack what another has under the same tag, and nothing of a tag that was not read', async () => {
    const [a, b] = [tags([monday, note([1, 2, 3])]), tags([monday, note([2])], [tuesday, note([9])])]
    expect(await lacked(a, b, tags())).toEqual([])
    expect(await lacked(b, a, tags())).toEqual([named(monday, 1), named(monday, 3)])
    expect(await lacked(tags(), a, b)).toEqual([])
  })

  it('say nothing where what was seen is not known any more', async () => {
    const [a, b] = [tags([monday, { ...note([1]), seen: null }]), tags([monday, note([2])])]
    expect([await lacked(a, b), await lacked(b, a)]).toEqual([[], []])
  })

  it('take a turn for each tag, of which there may be many with thousands of objects', async () => {
    let turns = 0
    const counting = { take: () => Promise.resolve((turns += 1)).then(() => undefined) }
    await lackedBy(tags([monday, note([1])], [tuesday, note([1])]), [tags([monday, note([2])], [tuesday, note([2])])], counting)
    expect(turns).toBe(2)
  })

  it('are done with a tag once all of them were read to its end', () => {
    const notes = new Map([
      [
        A,
        new Map([
          [monday, note([1], true)],
          [tuesday, note([1], true)],
        ]),
      ],
      [
        B,
        new Map([
          [monday, note([], true)],
          [tuesday, note([], false)],
        ]),
      ],
    ])
    expect([...comparedTags(notes, [A, B])]).toEqual([monday])
    expect([...comparedTags(notes, [A])]).toEqual([monday, tuesday])
    expect([...comparedTags(notes, [A, B, C])]).toEqual([])
  })
})

describe('what was seen of a tag', () => {
  it('is there once, and no more than can be remembered', () => {
    const twice = withSeen(note([1]), [hash(1), hash(2)])
    expect(twice).toEqual(note([1, 2]).seen)
    const many = Array.from({ length: 8_193 }, () => systemRandom.bytes(32))
    expect(withSeen(unread, many.slice(1))).not.toBeNull()
    expect(withSeen(unread, many)).toBeNull()
    expect(withSeen({ ...unread, seen: null }, [hash(1)])).toBeNull()
  })

  it('is durable with the place to go on from', () => {
    const store = createMemoryStore()
    const groupId = systemRandom.id<never>()
    const notes = new Map([
      [
        A,
        new Map([
          [monday, note([1, 2])],
          [tuesday, { ...note([3], true), seen: null }],
        ]),
      ],
    ])
    store.transaction((tx) => putFetchNotes(tx, groupId, encodeFetchNotes(notes)))
    expect(readFetchNotes(store, groupId)).toEqual(notes)
    expect(dayOfTag(tuesday)).toBe(2)
    store.transaction((tx) => tx.settings.set(`mailbox-fetched/${String(groupId)}`, Uint8Array.of(1)))
    expect(readFetchNotes(store, groupId)).toEqual(new Map())
  })
})
