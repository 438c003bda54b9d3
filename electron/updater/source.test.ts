import { expect, test } from 'vitest'
import type { BuildInfo } from '../kernel/build-info.ts'
import { updateSource } from './source.ts'
import { keySetOf, makeMakers } from './test-support/makers.ts'

const keys = keySetOf(makeMakers())
const url = 'https://updates.example.org/'
const build = (change: Partial<BuildInfo>): BuildInfo => ({
  version: '1.2.0',
  commit: null,
  kind: 'release',
  debuggable: false,
  updates: { url, keys },
  ...change,
})
const local = { SPACEPANDA_UPDATE_URL: 'http://127.0.0.1:4711/' }

test('a release looks where it was built to, whatever its environment says', () => {
  expect(updateSource(build({}), {})).toEqual({ url, keys })
  expect(updateSource(build({}), local)).toEqual({ url, keys })
})

test('a test build may be told of a server on this computer, and of no other', () => {
  expect(updateSource(build({ kind: 'test' }), local)).toEqual({ url: 'http://127.0.0.1:4711/', keys })
  for (const elsewhere of ['http://127.0.0.1.example.org:80/', 'http://127.0.0.1:80@example.org/', 'https://example.org/', ''])
    expect(updateSource(build({ kind: 'test' }), { SPACEPANDA_UPDATE_URL: elsewhere })).toBeNull()
})

test.each([
  ['sources', build({ kind: 'development' })],
  ['a package that was built without', build({ kind: 'test', updates: null })],
  [
    'placeholders for keys',
    build({ updates: { url, keys: { serial: 0, keys: ['A', 'B', 'C'].map((name) => ({ name, key: 'PLACEHOLDER' })) } } }),
  ],
  ['the same key three times', build({ updates: { url, keys: { serial: 0, keys: [keys.keys[0], keys.keys[0], keys.keys[0]] } } })],
  ['a place without encryption', build({ updates: { url: 'http://updates.example.org/', keys } })],
])('%s have no source of updates', (_what, info) => {
  expect(updateSource(info, {})).toBeNull()
})
