import { expect, test } from 'vitest'
import { readBuildInfo, versionWords } from './build-info.ts'

const release = {
  version: '1.2.3',
  commit: '0123456789abcdef0123456789abcdef01234567',
  kind: 'release',
  debuggable: false,
  updates: null,
} as const

test('a source file that was not built knows nothing of itself', () => {
  expect(readBuildInfo(undefined)).toEqual({ version: '0.0.0', commit: null, kind: 'development', debuggable: false, updates: null })
  expect(readBuildInfo('')).toEqual(readBuildInfo(undefined))
})

test('what the build wrote is read back', () => {
  expect(readBuildInfo(JSON.stringify(release))).toEqual(release)
})

test('the words name version, commit and runtime, and a test build says that it is one', () => {
  const inElectron = { electron: '45.4.1', node: '24.1.0' }
  expect(versionWords(release, inElectron)).toBe('SpacePanda 1.2.3 (0123456789ab), Electron 45.4.1')
  expect(versionWords({ ...release, kind: 'test' }, inElectron)).toContain('TEST BUILD')
  expect(versionWords({ ...release, kind: 'development', commit: null }, { node: '24.1.0' })).toBe(
    'SpacePanda 1.2.3, Node 24.1.0, development',
  )
})
