import { describe, expect, onTestFinished, test } from 'vitest'
import type { DatabaseFile } from '../../storage/database-file/database-file.ts'
import { readDamage, noteDamage } from '../../storage/integrity/damage-note.ts'
import { openStore } from '../../storage/open-store.ts'
import { flipPages, numbersIn, pagesOf, profileWithSnapshot } from '../../storage/test-support/damage.ts'
import { testFolder, testKey } from '../../storage/test-support/folder.ts'
import { systemRandom } from '../../kernel/random.ts'
import { healthJob } from './health-job.ts'
import { scrubJob } from './scrub-job.ts'

const { signal } = new AbortController()

async function setUp(prepare: (file: string, dir: string) => void = () => undefined) {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 300)
  prepare(file, dir)
  const store = openStore({ file, key: testKey() })
  onTestFinished(() => store.close())
  const told: string[] = []
  return { dir, store, told, health: healthJob({ store, report: (message) => told.push(message) }) }
}

describe('health', () => {
  test('tells of damage once, when it is found, and again at the next start', async () => {
    const { store, told } = await setUp((file) => flipPages(file, pagesOf(file, 'messages').slice(2)))
    expect(told).toEqual([])
    for (let time = 0; time < 2; time++) expect(() => numbersIn(store)).toThrow()
    expect(told).toEqual([expect.stringContaining('doctor --repair')])
    healthJob({ store, report: (message) => told.push(message) })
    expect(told).toHaveLength(2)
  })

  test('forgets damage that is not there any more', async () => {
    const { dir, health, told } = await setUp((_file, folder) => noteDamage(folder, 'page'))
    expect(told).toHaveLength(1)
    await health.run(signal)
    expect(readDamage(dir)).toEqual([])
  })

  test('holds up nobody for as long as a table is long', async () => {
    const { dir, store } = await setUp((_file, folder) => noteDamage(folder, 'log-handled'))
    let checked = 0
    const { path } = store.file
    const file: DatabaseFile = {
      path,
      size: () => store.file.size(),
      checkpoint: () => store.file.checkpoint(),
      holdStill: (use) => store.file.holdStill(use),
      copyTo: (...args) => store.file.copyTo(...args),
      verifyPages: (...args) => store.file.verifyPages(...args),
      quickCheck: () => Promise.reject(new Error(`checked ${++checked}`)),
    }
    await healthJob({ store: { ...store, file }, report: () => undefined }).run(signal)
    expect(checked).toBe(0)
    expect(readDamage(dir)).toEqual([])
  })

  test('keeps in mind what is still there', async () => {
    const { dir, health } = await setUp((file, folder) => {
      flipPages(file, pagesOf(file, 'messages').slice(-1))
      noteDamage(folder, 'page')
    })
    await health.run(signal)
    expect(readDamage(dir)).toEqual(['page'])
  })

  test('reads nothing where nothing was found: a start costs the same however long the history is', async () => {
    const { store, health } = await setUp()
    let verified = 0
    const watched = { ...store, file: { ...store.file, verifyPages: () => Promise.reject(new Error(`looked ${++verified}`)) } }
    await healthJob({ store: watched, report: () => undefined }).run(signal)
    await health.run(signal)
    expect(verified).toBe(0)
  })
})

describe('the scrub', () => {
  test.each([0, 0.5, 0.999])('comes by every page, wherever it begins (%s)', async (fraction) => {
    const { store, told } = await setUp((file) => flipPages(file, pagesOf(file, 'messages').slice(-1)))
    const job = scrubJob({ store, random: { ...systemRandom, fraction: () => fraction } })
    for (let run = 0; run < 3; run++) await job.run(signal)
    expect(told).toEqual([expect.stringContaining('damaged')])
  })

  test('ends when the profile is closed', async () => {
    const { store } = await setUp()
    const abort = new AbortController()
    abort.abort()
    await expect(scrubJob({ store, random: systemRandom }).run(abort.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })
})
