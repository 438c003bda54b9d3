import { expect, test } from 'vitest'
import { reasonsNotToPublish, type Artefact } from './publishable.mjs'

const commit = '0123456789abcdef0123456789abcdef01234567'
const expected = { version: '0.1.0', electron: '45.4.1', commit }
const good: Artefact = {
  file: 'spacepanda_0.1.0_amd64.deb',
  sha256: 'aa',
  size: 1,
  version: '0.1.0',
  kind: 'release',
  debuggable: false,
  commit,
  clean: true,
  runtime: { kind: 'official', version: '45.4.1' },
  runtimeInside: '45.4.1',
}
const found = [{ name: good.file, sha256: 'aa' }]

test('a release of this commit on the pinned runtime may be published', () => {
  expect(reasonsNotToPublish([good], found, expected)).toEqual([])
})

test.each<[string, Partial<Artefact>, string]>([
  ['a test build', { kind: 'test' }, 'test build'],
  ['a test version', { version: '0.1.0-test.1' }, 'that of a test build'],
  ['the runtime for tests', { runtime: { kind: 'fallback', version: '33.2.1' } }, 'end-of-life'],
  ['another runtime than it claims', { runtimeInside: '33.2.1' }, 'Electron 33.2.1 is inside'],
  ['a window that can be steered', { debuggable: true }, 'steered'],
  ['another version', { version: '0.0.9' }, '0.0.9'],
  ['another commit', { commit: 'ffff' }, 'made from ffff'],
  ['no commit', { commit: null }, 'made from no commit'],
  ['changes nobody committed', { clean: false }, 'in no commit'],
  ['another file', { sha256: 'bb' }, 'not the one that was made'],
])('%s is refused', (_, part, words) => {
  expect(reasonsNotToPublish([{ ...good, ...part }], found, expected).join('\n')).toContain(words)
})

test('a file named like a test build is refused whatever is said of it', () => {
  const file = 'spacepanda_0.1.0~test.1_amd64.deb'
  expect(reasonsNotToPublish([{ ...good, file }], [{ name: file, sha256: 'aa' }], expected)).toEqual([
    expect.stringContaining('that of a test build'),
  ])
})

test('a file that nobody described is refused, and nothing at all', () => {
  expect(reasonsNotToPublish([good], [...found, { name: 'extra.deb', sha256: 'cc' }], expected)).toEqual([
    expect.stringContaining('extra.deb'),
  ])
  expect(reasonsNotToPublish([], [], expected)).toEqual(['there is nothing to publish'])
})
