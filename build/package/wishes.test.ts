import { expect, test } from 'vitest'
import { wishesFrom } from './wishes.mjs'

test('without arguments a test package of whatever can be made here is wanted', () => {
  expect(wishesFrom([])).toEqual({ release: false, targets: null, version: null, number: 1, debuggable: false, updates: null })
})

test('targets, version and number are taken', () => {
  const wishes = wishesFrom(['--targets', 'deb,rpm', '--version', '0.2.0', '--number', '3', '--debuggable', '--updates', 'keys.json'])
  expect(wishes).toEqual({ release: false, targets: ['deb', 'rpm'], version: '0.2.0', number: 3, debuggable: true, updates: 'keys.json' })
})

test.each([
  [['--targets', 'deb,msi'], 'There is no package "msi"'],
  [['--version', '1.2'], 'not a version'],
  [['--version', '1.2.3-beta'], 'not a version'],
  [['--number', '0'], 'counts from 1'],
  [['--publish'], 'Unknown option'],
  [['--release', '--version', '1.2.3'], '--version is for test packages'],
  [['--release', '--debuggable'], '--debuggable is for test packages'],
  [['--release', '--updates', 'keys.json'], '--updates is for test packages'],
])('%j is refused: %s', (args, words) => {
  expect(() => wishesFrom(args)).toThrow(words)
})
