import { describe, expect, it } from 'vitest'
import { getCiphersuiteImpl } from 'ts-mls'
import { engineSubject } from '../../testing/mls/engine-subject.ts'
import { playHistory } from '../../testing/mls/history.ts'
import { librarySubject } from '../../testing/mls/library-subject.ts'
import { seededRandom } from '../../testing/mls/seeded.ts'
import { makeCipherSuite } from './provider/cipher-suite.ts'
import { suites, X25519_SUITE, XWING_SUITE } from './provider/suites.ts'

describe('random histories', () => {
  it.each([1, 2, 3, 4])('of our engine with X25519, seed %i', async (seed) => {
    const random = seededRandom(`engine ${seed}`)
    const result = await playHistory(await engineSubject(random, X25519_SUITE), { random, steps: 30, most: 12 })
    expect(result.failures).toEqual([])
    expect(result.commits).toBe(30)
    expect(result.messages).toBe(30)
  })

  it.each([1, 2])('of our engine with X-Wing, seed %i', async (seed) => {
    const random = seededRandom(`hybrid ${seed}`)
    const result = await playHistory(await engineSubject(random, XWING_SUITE), { random, steps: 12, most: 7 })
    expect(result.failures).toEqual([])
    expect(result.commits).toBe(12)
  })

  it.each([1, 2])('of the corrected library with its own provider, seed %i', async (seed) => {
    const random = seededRandom(`library ${seed}`)
    const suite = await getCiphersuiteImpl('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519')
    const result = await playHistory(librarySubject(suite), { random, steps: 25, most: 10 })
    expect(result.failures).toEqual([])
  })

  it('of members of which every other one uses our provider and the rest the library’s', async () => {
    const random = seededRandom('mixed')
    const name = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519'
    const ours = librarySubject(makeCipherSuite(suites[XWING_SUITE], (n) => random.bytes(n)))
    const theirs = librarySubject(await getCiphersuiteImpl(name))
    let turn = 0
    const mixed: typeof ours = {
      ...ours,
      commit: (state, change) => (turn++ % 2 === 0 ? ours : theirs).commit(state, change),
      follow: (state, commit) => (state.privatePath.leafIndex % 2 === 0 ? ours : theirs).follow(state, commit),
      join: (newcomer, welcome) => (turn % 2 === 0 ? ours : theirs).join(newcomer, welcome),
      read: (state, message) => (state.privatePath.leafIndex % 2 === 0 ? theirs : ours).read(state, message),
    }
    const result = await playHistory(mixed, { random, steps: 12, most: 6 })
    expect(result.failures).toEqual([])
  })
})
