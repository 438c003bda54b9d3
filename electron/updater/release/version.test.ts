import { expect, test } from 'vitest'
import { compareVersions, isVersion } from './version.ts'

test('versions are ordered by their numbers, and a test build comes before what it tests', () => {
  const ascending = ['0.9.0', '0.10.0', '1.0.0-test.1', '1.0.0-test.10', '1.0.0', '1.0.1', '1.1.0', '2.0.0']
  for (const [i, a] of ascending.entries())
    for (const [j, b] of ascending.entries()) expect([a, b, compareVersions(a, b)]).toEqual([a, b, Math.sign(i - j)])
})

test.each(['', '1', '1.2', '1.2.3.4', 'v1.2.3', '01.2.3', '1.2.3-beta.1', '1.2.3-test.0', '1.2.3-test', '1.2.3 ', '1.2.9999999', '1.2.３'])(
  'is no version: %j',
  (text) => {
    expect(isVersion(text)).toBe(false)
    expect(() => compareVersions(text, '1.0.0')).toThrow(TypeError)
  },
)
