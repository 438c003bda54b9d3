import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { openStore } from '../open-store.ts'
import { flipPages, numbersIn, pagesOf, profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { type RepairStep, repairDatabase } from './repair-database.ts'

/** What another process is told that opens the profile now; it closes it at once if it can. */
const asked = (dir: string): string =>
  execFileSync(process.execPath, [fileURLToPath(new URL('../test-support/open-once.ts', import.meta.url)), dir], { encoding: 'utf8' })

const steps: RepairStep[] = ['built', 'ready', 'moved-database', 'moved-log', 'placed']

test.each(steps)('nobody gets a database in hand that a repair is about to move: at "%s"', async (step) => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 50, 50)
  flipPages(file, pagesOf(file, 'messages').slice(3))
  const told: string[] = []
  const reached = (at: RepairStep): void => {
    if (at === step) told.push(asked(dir))
  }
  await repairDatabase({ file, key: testKey(), reached }, unwatched)
  expect(told).toEqual([step === 'placed' ? 'open\n' : 'refused in-use\n'])
  expect(
    readdirSync(dir)
      .filter((name) => name.startsWith('profile.db.'))
      .sort(),
  ).toEqual(['profile.db.damaged-1'])
  const store = openStore({ file, key: testKey() })
  expect(numbersIn(store).length).toBeGreaterThanOrEqual(50)
  store.close()
})
