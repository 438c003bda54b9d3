import { expect, test } from 'vitest'
import { matchesLock } from './install.mjs'

const everywhere = (): boolean => true
const asked = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } }

test('what npm recorded is compared with what is asked for', () => {
  expect(matchesLock(asked, asked, everywhere)).toBe(true)
})

test('another version, other content, or a missing package is not it', () => {
  expect(matchesLock(asked, { packages: { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } } }, everywhere)).toBe(false)
  expect(matchesLock(asked, { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } } }, everywhere)).toBe(false)
  expect(matchesLock(asked, { packages: {} }, everywhere)).toBe(false)
})

test('a package that npm recorded but whose folder is gone counts as missing', () => {
  expect(matchesLock(asked, asked, () => false)).toBe(false)
})

test('nothing recorded, or no lock file, is never up to date', () => {
  expect(matchesLock(asked, {}, everywhere)).toBe(false)
  expect(matchesLock({}, {}, everywhere)).toBe(false)
})

test('packages of other platforms may be absent, the one of this platform may not', () => {
  const optional = (os: string[], cpu: string[]) => ({
    packages: { ...asked.packages, 'node_modules/b': { version: '1.0.0', optional: true, os, cpu } },
  })
  expect(matchesLock(optional(['aix'], ['ppc64']), asked, everywhere)).toBe(true)
  expect(matchesLock(optional([process.platform], [process.arch]), asked, everywhere)).toBe(false)
})
