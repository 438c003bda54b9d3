import { describe, expect, it } from 'vitest'
import { channel, message, space } from '../../testing/fixtures/notices.ts'
import { withoutMarkup, wordsOf, wordsOfMany } from './words.ts'

const place = (kind: 'open' | 'private' | 'direct' = 'open', name = 'general', of = 'Harbour choir') => ({
  space: space(of, []),
  channel: channel(name, 1, { kind }),
})

describe('what a notice says', () => {
  it('without the text, is who and where', () => {
    expect(wordsOf(place(), message('a', 1), 1, 'without-text')).toEqual({
      title: '#general · Harbour choir',
      body: 'A new message from Bob',
    })
    expect(wordsOf(place(), message('a', 5), 5, 'without-text').body).toBe('5 new messages, the last one from Bob')
    expect(wordsOf(place('private', 'board'), message('a', 1), 1, 'without-text').title).toBe('board · Harbour choir')
    expect(wordsOf(place('direct', 'Bob'), message('a', 1), 1, 'without-text')).toEqual({
      title: 'Bob · Harbour choir',
      body: 'A new message',
    })
    expect(wordsOf(place('direct', 'Bob'), message('a', 3), 3, 'without-text').body).toBe('3 new messages')
  })

  it('never has the text where it is not wished', () => {
    for (const kind of ['open', 'private', 'direct'] as const)
      for (const count of [1, 9])
        expect(JSON.stringify(wordsOf(place(kind), message('a', 1, { text: 'SECRET' }), count, 'without-text'))).not.toContain('SECRET')
  })

  it('with the text, is the last of them', () => {
    expect(wordsOf(place(), message('a', 1, { text: 'Hello\nthere' }), 1, 'with-text')).toEqual({
      title: '#general · Harbour choir',
      body: 'Bob: Hello there',
    })
    expect(wordsOf(place(), message('a', 1), 4, 'with-text').title).toBe('#general · Harbour choir (4 new)')
    expect(wordsOf(place('direct', 'Bob'), message('a', 1, { text: 'Hello' }), 1, 'with-text').body).toBe('Hello')
  })

  it('of many names nobody', () => {
    expect(wordsOfMany(14, 3)).toEqual({ title: 'SpacePanda', body: '14 new messages in 3 channels' })
    expect(wordsOfMany(2, 1).body).toBe('2 new messages')
  })

  it('takes what reorders or breaks lines out of what peers wrote', () => {
    const said = wordsOf(
      place('open', 'gen\u202eeral\u0007', 'Choir\n\u2066x'),
      message('a', 1, { by: 'B\u202eob\u0000', text: 'a\u202eb\u0000c\u2028d\u001b[31m' }),
      1,
      'with-text',
    )
    expect(JSON.stringify(said)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\\u00/u)
  })

  it('keeps a name that runs from right to left to itself, though it is cut', () => {
    const { title } = wordsOf(place('open', 'ש'.repeat(300)), message('a', 1), 1, 'without-text')
    expect(title).toBe(`#\u2068${'ש'.repeat(39)}…\u2069 · Harbour choir`)
  })

  it('is cut to a length, at no half of a character, however long what was written is', () => {
    const { title, body } = wordsOf(
      place('open', '🐼'.repeat(5_000)),
      message('a', 1, { by: 'x'.repeat(9_000), text: '🐼'.repeat(8_000) }),
      1,
      'with-text',
    )
    expect(title.length).toBeLessThan(200)
    expect(body.length).toBeLessThan(500)
    expect(title + body).not.toMatch(/\p{Surrogate}/u)
    expect(wordsOf(place(), message('a', 1, { text: 'y'.repeat(200) }), 1, 'with-text').body).toBe(`Bob: ${'y'.repeat(200)}`)
    expect(wordsOf(place(), message('a', 1, { text: 'y'.repeat(201) }), 1, 'with-text').body).toBe(`Bob: ${'y'.repeat(199)}…`)
  })

  it('is cut between characters that are made of many', () => {
    const family = '👩‍👩‍👧‍👦'
    const { body } = wordsOf(place('direct', 'Bob'), message('a', 1, { text: family.repeat(100) }), 1, 'with-text')
    expect(body).toBe(`${family.repeat(36)}…`)
    expect(wordsOf(place('direct', 'Bob'), message('a', 1, { text: `a${'\u0301'.repeat(9_000)}` }), 1, 'with-text').body).toBe('…')
  })

  it('is no markup to whoever reads it as that', () => {
    const hostile = '<img src="http://x/"><a href="x">a</a> &lt;b&gt; &#60;'
    expect(withoutMarkup(hostile)).not.toMatch(/[<>&]/)
    expect(withoutMarkup('a quiet word')).toBe('a quiet word')
  })
})
