import { expect, test } from 'vitest'
import { makersFile, readUpdateSource, whyNotToRelease } from './update-source.mjs'

const hex = (digits: string) => digits.repeat(32)
const good = {
  url: 'https://updates.example.org/',
  keys: {
    serial: 0,
    keys: [
      { name: 'Ada', key: hex('a1') },
      { name: 'Bo', key: hex('b2') },
      { name: 'Cy', key: hex('c3') },
    ],
  },
}
const withKeys = (...keys: { name: string; key: string }[]) => ({ ...good, keys: { serial: 0, keys } })
const [ada, bo, cy] = good.keys.keys
if (ada === undefined || bo === undefined || cy === undefined) throw new Error('three keys')

test('a release is made with three different keys of three makers, and a place that leads somewhere', () => {
  expect(whyNotToRelease(good)).toBeNull()
})

test.each([
  ['a placeholder', withKeys(ada, bo, { name: 'Cy', key: 'PLACEHOLDER' }), 'the key of Cy for updates is a placeholder'],
  ['noughts', withKeys(ada, bo, { name: 'Cy', key: hex('00') }), 'placeholder'],
  ['two keys', withKeys(ada, bo), 'there must be three'],
  ['a key twice', withKeys(ada, bo, { name: 'Cy', key: bo.key }), 'two of the keys'],
  ['a maker twice', withKeys(ada, bo, { name: 'Bo', key: cy.key }), 'two of the keys'],
  ['no encryption', { ...good, url: 'http://updates.example.org/' }, 'leads nowhere'],
  ['a place that is none', { ...good, url: 'https://updates.spacepanda.invalid/' }, 'leads nowhere'],
  ['a file for a folder', { ...good, url: 'https://updates.example.org/x' }, 'leads nowhere'],
])('none is made with %s', (_what, source, words) => {
  expect(whyNotToRelease(source)).toContain(words)
})

test('what stands in the sources today makes no release', async () => {
  expect(whyNotToRelease(await readUpdateSource(makersFile))).not.toBeNull()
})
