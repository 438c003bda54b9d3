import { expect, test } from 'vitest'
import { InvariantError } from '../../kernel/errors.ts'
import { sqliteBinding } from './binding.ts'

test('a current runtime uses the prebuilt addon, whatever the environment says', () => {
  expect(sqliteBinding('10', { SPACEPANDA_SQLITE_BINDING: '/x.node' })).toBeNull()
})

test('an older runtime uses the addon the environment names', () => {
  expect(sqliteBinding('9', { SPACEPANDA_SQLITE_BINDING: '/x.node' })).toBe('/x.node')
})

test.each(['9', undefined])('an older runtime (Node-API %s) without one fails in words instead of crashing', (napi) => {
  expect(() => sqliteBinding(napi, {})).toThrow(InvariantError)
})
