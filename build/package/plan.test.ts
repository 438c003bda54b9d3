import { expect, test } from 'vitest'
import { planPackages } from './plan.mjs'
import { wishesFrom } from './wishes.mjs'

const keys = ['a1', 'b2', 'c3'].map((digits) => ({ name: digits, key: digits.repeat(32) }))
const updates = { url: 'https://example.org/', keys: { serial: 0, keys } }
const pinned = { version: '0.1.0', electron: '45.4.1', homepage: 'https://example.org', updates }
const official = { kind: 'official', version: '45.4.1' } as const
const fallback = { kind: 'fallback', version: '33.2.1' } as const
const facts = { wishes: wishesFrom([]), runtime: official, pinned, platform: 'linux', makers: ['deb', 'rpm'] as const }

test('with the official runtime everything of this system is made, as a test build unless a release was asked for', () => {
  expect(planPackages(facts)).toMatchObject({ version: '0.1.0-test.1', kind: 'test', targets: ['AppImage', 'deb', 'rpm'] })
  expect(planPackages({ ...facts, platform: 'darwin' }).targets).toEqual(['dmg', 'zip'])
  expect(planPackages({ ...facts, platform: 'win32' }).targets).toEqual(['nsis'])
  const release = planPackages({ ...facts, wishes: wishesFrom(['--release']) })
  expect(release).toEqual({ version: '0.1.0', kind: 'release', targets: ['AppImage', 'deb', 'rpm'], because: [] })
})

test('without it the deb and the rpm are made, as test builds, and it is said why', () => {
  const plan = planPackages({ ...facts, runtime: fallback, wishes: wishesFrom(['--version', '0.2.0', '--number', '4']) })
  expect(plan).toMatchObject({ version: '0.2.0-test.4', kind: 'test', targets: ['deb', 'rpm'] })
  expect(plan.because.join('\n')).toMatch(/TEST BUILD on Electron 33\.2\.1.*never to be published/)
  expect(() => planPackages({ ...facts, runtime: fallback, wishes: wishesFrom(['--targets', 'AppImage']) })).toThrow(
    'AppImage cannot be made here: at most the deb and the rpm',
  )
})

test('what makes a package has to be there, with any runtime', () => {
  for (const runtime of [official, fallback]) {
    const planned = (makers: readonly ('deb' | 'rpm')[], ...args: string[]) =>
      planPackages({ ...facts, runtime, makers, wishes: wishesFrom(args) })
    expect(planned(['deb']).targets).not.toContain('rpm')
    expect(planned(['rpm']).targets).not.toContain('deb')
    expect(planned(['deb']).because).toContain('no rpm: rpmbuild is missing (Debian’s package rpm)')
    expect(planned(['deb'], '--targets', 'deb').because.join('\n')).not.toContain('no rpm')
    expect(planned(['deb', 'rpm']).because.join('\n')).not.toMatch(/no (?:deb|rpm)/)
    expect(() => planned(['deb'], '--targets', 'rpm')).toThrow('rpm cannot be made here: rpmbuild is missing')
    expect(() => planned([], '--targets', 'deb')).toThrow('deb cannot be made here: dpkg-deb is missing')
  }
  expect(() => planPackages({ ...facts, runtime: fallback, makers: [] })).toThrow('Without dpkg-deb or rpmbuild')
  expect(() => planPackages({ ...facts, makers: ['deb'], wishes: wishesFrom(['--release']) })).toThrow('rpmbuild is missing')
})

test('a release on any other runtime than the pinned one is refused, and one that nobody answers for', () => {
  const wishes = wishesFrom(['--release'])
  expect(() => planPackages({ ...facts, wishes, runtime: fallback })).toThrow('end-of-life')
  expect(() => planPackages({ ...facts, wishes, runtime: { kind: 'official', version: '44.0.0' } })).toThrow('needs Electron 45.4.1')
  expect(() => planPackages({ ...facts, wishes, pinned: { ...pinned, homepage: undefined } })).toThrow('homepage')
  const noUpdates = { ...updates, keys: { serial: 0, keys: keys.slice(1) } }
  expect(() => planPackages({ ...facts, wishes, pinned: { ...pinned, updates: noUpdates } })).toThrow('able to update itself')
})

test('a package is made on the system it is for', () => {
  expect(() => planPackages({ ...facts, wishes: wishesFrom(['--targets', 'dmg']) })).toThrow('made on macOS')
  expect(() => planPackages({ ...facts, wishes: wishesFrom(['--targets', 'nsis']) })).toThrow('made on Windows')
})
