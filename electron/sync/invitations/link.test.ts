import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupId, InvitationId, PeerId } from '../../../shared/domain/ids.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { toCbor } from '../../kernel/cbor.ts'
import { idOf } from '../../testing/fixtures/space-settings.ts'
import { LINK_PREFIX } from '../../../shared/domain/pasted-link.ts'
import { encodeLink, parseLink } from './link.ts'
import type { InvitationLink } from './link.ts'

const PEER = `12D3KooW${'A'.repeat(44)}` as PeerId
const link = (changes: Partial<InvitationLink> = {}): InvitationLink => ({
  groupId: idOf<GroupId>(1),
  invitationId: idOf<InvitationId>(2),
  seed: new Uint8Array(32).fill(3),
  expiresAt: 1_750_000_000_000,
  spaceName: 'Freunde für immer',
  peers: [{ peerId: PEER, addresses: ['/ip4/192.168.1.5/tcp/4001', '/ip6/::1/udp/4002/webrtc-direct'] }],
  ...changes,
})

describe('an invitation link', () => {
  it('comes back as it was made', () => {
    expect(parseLink(encodeLink(link()))).toEqual(link())
  })

  it('comes back with the most that fits', () => {
    const addresses = Array.from({ length: 6 }, (_, i) => `/${`${i}`.repeat(180)}`)
    const largest = link({ spaceName: '界'.repeat(limits.name), peers: Array.from({ length: 4 }, () => ({ peerId: PEER, addresses })) })
    expect(parseLink(encodeLink(largest))).toEqual(largest)
  })

  it('leaves out the last peers rather than become too long to be read', () => {
    const peers = ['A', 'B', 'C', 'D'].map((letter) => ({
      peerId: `12D3KooW${letter.repeat(44)}` as PeerId,
      addresses: Array.from({ length: 8 }, (_, i) => `/${`${i}`.repeat(255)}`),
    }))
    const read = parseLink(encodeLink(link({ peers })))
    expect(read).toEqual(link({ peers: peers.slice(0, 2) }))
  })

  it('may name a peer without an address, who is found in another way', () => {
    expect(parseLink(encodeLink(link({ peers: [{ peerId: PEER, addresses: [] }] })))?.peers[0]?.addresses).toEqual([])
  })

  it.each([' ', '\n', '\r\n', '\t', '\u00a0', '  \n  '])('forgives %j around it', (blank) => {
    expect(parseLink(`${blank}${encodeLink(link())}${blank}`)).toEqual(link())
  })

  it('is refused wherever it is cut off', () => {
    const text = encodeLink(link())
    for (let length = 0; length < text.length; length++) expect(parseLink(text.slice(0, length))).toBeNull()
  })

  it('with any one character changed is refused or another invitation, never the same one twice', () => {
    const text = encodeLink(link())
    for (let at = LINK_PREFIX.length; at < text.length; at++) {
      const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      const read = parseLink(changed)
      if (read !== null) expect(read).not.toEqual(link())
    }
  })

  it.each([
    ['spare bits at its end that are not zero', () => spareBits(encodeLink(link()))],
    ['anything behind it', () => `${encodeLink(link())}AA`],
    ['white space within', () => encodeLink(link()).replace(/(.{60})/, '$1\n')],
    ['padding', () => `${encodeLink(link())}=`],
    ['the other alphabet of base64', () => `${LINK_PREFIX}${Buffer.from([0xfb, 0xff]).toString('base64')}`],
    ['a query behind it', () => `${encodeLink(link())}?x=1`],
    ['no scheme', () => encodeLink(link()).slice('spacepanda:'.length)],
    ['a web address', () => encodeLink(link()).replace('spacepanda:', 'https://example.org/')],
    ['slashes after the scheme', () => encodeLink(link()).replace('spacepanda:', 'spacepanda://')],
    ['another path', () => encodeLink(link()).replace('join', 'open')],
    ['the scheme in capitals', () => encodeLink(link()).replace('spacepanda', 'SPACEPANDA')],
    ['a word before it', () => `see ${encodeLink(link())}`],
  ])('is refused with %s', (_, make) => {
    expect(parseLink(make())).toBeNull()
  })

  it('is refused when it is longer than any of ours, before it is decoded', () => {
    expect(parseLink(`${LINK_PREFIX}${'A'.repeat(limits.link)}`)).toBeNull()
  })

  it('reads any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 80 }), (text, noise) => {
        expect(parseLink(text)).toBeNull()
        expect(parseLink(LINK_PREFIX + Buffer.from(noise).toString('base64url'))).toBeNull()
      }),
    )
  })
})

/** Sets the last bit of the last character, if base64 has no use for it there. */
function spareBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(text.at(-1) ?? '')
  if ((text.length - LINK_PREFIX.length) % 4 === 0 || last % 2 !== 0) throw new Error('this link has no spare bits')
  return text.slice(0, -1) + (alphabet[last + 1] ?? '')
}

const b = (length: number) => new Uint8Array(length)
const peer = (addresses: unknown[], peerId: unknown = PEER) => [peerId, addresses]
const fields = (): unknown[] => [1, b(16), b(16), b(32), 5, 'Friends', [peer(['/ip4/1.2.3.4/tcp/1'])]]
const made = (index: number, value: unknown) => {
  const wire = fields()
  wire[index] = value
  return LINK_PREFIX + Buffer.from(toCbor(wire)).toString('base64url')
}

describe('parseLink', () => {
  it('reads the form these tests spoil', () => {
    expect(parseLink(made(0, 1))).not.toBeNull()
  })

  it.each<[string, number, unknown]>([
    ['another version', 0, 2],
    ['a short group id', 1, b(15)],
    ['a long invitation id', 2, b(17)],
    ['a short seed', 3, b(31)],
    ['a seed as text', 3, 'x'.repeat(32)],
    ['an end before 1970', 4, -1],
    ['an end no Date can hold', 4, 8_640_000_000_000_001],
    ['an empty name', 5, ''],
    ['a name that is not trimmed', 5, 'Friends\u00a0'],
    ['a name that turns the text around', 5, 'a\u202eb'],
    ['a name with control characters', 5, 'a\u001b[2Jb'],
    ['a name that is too long', 5, 'x'.repeat(limits.name + 1)],
    ['nobody to ask', 6, []],
    ['more people to ask than it may name', 6, Array.from({ length: 5 }, () => peer([]))],
    ['a peer id with letters base58 leaves out', 6, [peer([], `12D3KooW${'0'.repeat(44)}`)]],
    ['a peer id that is too short', 6, [peer([], 'abc')]],
    ['more addresses than it may name', 6, [peer(Array.from({ length: 9 }, () => '/a'))]],
    ['an address that is none', 6, [peer(['https://example.org'])]],
    ['an empty address', 6, [peer([''])]],
    ['an address that is too long', 6, [peer([`/${'a'.repeat(256)}`])]],
    ['an address that is a number', 6, [peer([7])]],
    ['a peer with a surplus field', 6, [[PEER, [], 1]]],
  ])('refuses %s', (_, index, value) => {
    expect(parseLink(made(index, value))).toBeNull()
  })

  it.each([
    ['a field too few', fields().slice(0, -1)],
    ['a field too many', [...fields(), 1]],
    ['a map', { v: 1 }],
  ])('refuses %s', (_, value) => {
    expect(parseLink(LINK_PREFIX + Buffer.from(toCbor(value)).toString('base64url'))).toBeNull()
  })
})
