import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../shared/domain/ids.ts'
import { AddressBook } from './address-book.ts'
import { MAX_PEER_ADDRESSES } from './constants.ts'

const bob = 'peer of Bob' as PeerId
const many = (name: string, count = MAX_PEER_ADDRESSES) => Array.from({ length: count }, (_, i) => `/${name}/${i}`)

describe('the addresses of a peer', () => {
  it('that worked before keep their turn, however many somebody on the local network claims for it', () => {
    const book = new AddressBook()
    book.tell([{ peerId: bob, addresses: ['/told/0', '/told/1'] }])
    book.see({ peerId: bob, addresses: many('seen') })
    expect(book.of(bob).slice(0, 5)).toEqual(['/seen/0', '/told/0', '/seen/1', '/told/1', '/seen/2'])
    expect(book.of(bob)).toHaveLength(MAX_PEER_ADDRESSES)
  })

  it('come once each, whichever way we heard of them', () => {
    const book = new AddressBook()
    expect(book.of(bob)).toEqual([])
    book.tell([{ peerId: bob, addresses: ['/both', '/told'] }])
    expect(book.see({ peerId: bob, addresses: ['/both'] })).toBe(false)
    expect(book.of(bob)).toEqual(['/both', '/told'])
    expect(book.see({ peerId: bob, addresses: ['/new'] })).toBe(true)
  })
})
