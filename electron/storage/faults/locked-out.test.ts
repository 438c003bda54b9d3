import { execFile } from 'node:child_process'
import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { repairDatabase } from '../repair/repair-database.ts'
import { unwatched } from '../../kernel/work.ts'
import { asNobody, isRoot, NOBODY } from '../test-support/become-nobody.ts'
import { numbersIn, profileWithSnapshot } from '../test-support/damage.ts'
import { snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'

const script = fileURLToPath(new URL('../test-support/as-nobody.ts', import.meta.url))

/** Rights mean nothing to root, so it lends the folder to somebody to whom they do. */
async function openHere(dir: string): Promise<string> {
  if (isRoot) for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))]) chownSync(path, NOBODY, NOBODY)
  return (await promisify(execFile)(process.execPath, [script, dir], { env: asNobody() })).stdout.trim()
}

test.runIf(process.platform !== 'win32')(
  'a folder that cannot be written is refused in words and left as it is; with rights it opens',
  async () => {
    const dir = testFolder()
    await profileWithSnapshot(dir, 0, 5)
    expect(await openHere(dir)).toBe('opened')
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o400)
    chmodSync(dir, 0o500)
    const contents = () => snapshot(dir).map((line) => line.split(' ').toSpliced(1, 1))
    const before = contents()
    expect(await openHere(dir)).toMatch(/^refused (disk|in-use)$/)
    expect(contents()).toEqual(before)
    chmodSync(dir, 0o700)
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o600)
    expect(await openHere(dir)).toBe('opened')
  },
)

test('of two processes on one folder one gets in, and the other can neither read, repair nor harm it', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 10, 10)
  const first = runScript('hold-store.ts', dir)
  await first.line('open')
  const others = [runScript('hold-store.ts', dir), runScript('hold-store.ts', dir)]
  for (const other of others) expect(await other.line('refused')).toBe('refused in-use')
  await expect(repairDatabase({ file, key: testKey() }, unwatched)).rejects.toMatchObject({ code: 'in-use' })
  expect(first.child.exitCode).toBeNull()
  await first.kill()
  const store = openStore({ file, key: testKey() })
  expect(numbersIn(store)).toHaveLength(20)
  expect(store.damage.known).toEqual([])
  store.close()
})
