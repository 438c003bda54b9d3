import { expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { tagId, unread } from '../../sync/mailbox/fetch-notes.ts'
import { ReadPlaces } from './read-places.ts'

const [A, B] = ['a', 'b'].map((letter) => `12D3KooW${letter.repeat(44)}` as PeerId) as [PeerId, PeerId]
const place = (cursor: number) => ({ ...unread, cursor })

it('keeps no place of a day that nobody looks at any more, however long the profile is open', () => {
  const places = new ReadPlaces()
  for (let day = 100; day < 500; day += 1) {
    for (const mailbox of [A, B]) places.set(mailbox, tagId('key', day), place(day))
    places.forgetBefore(day - 31)
  }
  expect(places.size).toBe(2 * 32)
  expect([places.get(A, tagId('key', 468))?.cursor, places.get(B, tagId('key', 467))]).toEqual([468, undefined])
})

it('forgets one tag, or all of one mailbox', () => {
  const places = new ReadPlaces()
  for (const mailbox of [A, B]) for (const day of [1, 2]) places.set(mailbox, tagId('key', day), place(day))
  places.forget(A, tagId('key', 1))
  places.forgetAll(B)
  expect([places.size, places.get(A, tagId('key', 2))?.cursor]).toEqual([1, 2])
})
