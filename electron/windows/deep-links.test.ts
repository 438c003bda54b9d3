import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../shared/ipc/limits.ts'
import { linkFromArgv, parseDeepLink } from './deep-links.ts'

const link = 'spacepanda:join/AbC-_.~09'

describe('parseDeepLink', () => {
  it('gives an invitation link back as it was', () => {
    expect(parseDeepLink(link)).toBe(link)
  })

  it.each([
    'spacepanda:',
    'spacepanda:join',
    'spacepanda:join/',
    'spacepanda:leave/abc',
    'SpacePanda:join/abc',
    'spacepanda://join/abc',
    ' spacepanda:join/abc',
    'spacepanda:join/abc\n',
    'spacepanda:join/a b',
    'spacepanda:join/a/b',
    'spacepanda:join/a?b',
    'spacepanda:join/a#b',
    'spacepanda:join/%41',
    'spacepanda:join/a"--gpu-launcher=x',
    'https://example.org/spacepanda:join/abc',
    'javascript:alert(1)',
    null,
    7,
    [link],
    { toString: () => link },
  ])('refuses %j', (text) => {
    expect(parseDeepLink(text)).toBeNull()
  })

  it('refuses what is longer than a link may be', () => {
    const prefix = 'spacepanda:join/'
    const longest = prefix + 'a'.repeat(limits.link - prefix.length)
    expect(parseDeepLink(longest)).toBe(longest)
    expect(parseDeepLink(`${longest}a`)).toBeNull()
  })
})

describe('linkFromArgv', () => {
  it('finds the one link among other arguments, also when it is there twice', () => {
    expect(linkFromArgv(['/opt/spacepanda', '--inspect=0', link])).toBe(link)
    expect(linkFromArgv(['spacepanda', link, '--no-sandbox', link])).toBe(link)
  })

  it('takes none of two different links', () => {
    expect(linkFromArgv([link, `${link}x`])).toBeNull()
  })

  it('passes on nothing but a strict link, whatever the arguments are', () => {
    const piece = fc.constantFrom('spacepanda:', 'join/', 'abc', '--', ' ', '"', "'", '\n', '%20', '/../', '?', 'javascript:', link)
    const argument = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
        const found = linkFromArgv(argv) ?? link
        expect(found).toMatch(/^spacepanda:join\/[A-Za-z0-9._~-]+$/)
        expect([...argv, link]).toContain(found)
      }),
    )
  })
})
