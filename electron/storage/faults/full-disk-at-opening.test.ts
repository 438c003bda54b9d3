import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readDamage } from '../integrity/damage-note.ts'
import { diskFault } from '../key-file/disk-fault.ts'
import { openStore } from '../open-store.ts'
import { numbersIn, profileWithSnapshot } from '../test-support/damage.ts'
import { snapshot, testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'

const script = fileURLToPath(new URL('../test-support/read-on-full-disk.ts', import.meta.url))

/** No byte can be written into any file: the closest to a full disk without rights of its own. */
const readOnFullDisk = async (dir: string): Promise<string[]> => {
  const command = `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, script, dir])
  return stdout.trim().split('\n')
}

const FULL = 'refused disk: The disk that the profile is on is full. Nothing was changed by this step; make room there and try again.'
const isPosix = process.platform !== 'win32'

test.runIf(isPosix)(
  'a profile on a full disk opens, is read and copied, takes nothing, and is as it was after; with room it goes on',
  async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 20)
    const before = snapshot(dir)
    expect(await readOnFullDisk(dir)).toEqual(['reads 20', FULL, 'copied true', FULL, 'closed'])
    expect(snapshot(dir)).toEqual(before)
    const store = openStore({ file, key: testKey() })
    expect(numbersIn(store)).toHaveLength(20)
    expect(store.groups.list().map(({ returning }) => returning)).toEqual([false])
    store.close()
    expect(readDamage(dir)).toEqual([])
    expect(snapshot(dir)).not.toEqual(before)
  },
  60_000,
)

test.runIf(isPosix)(
  'what a killed process left in the log is read on a full disk too, and none of it is lost',
  async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    const writer = runScript('write-loop.ts', dir)
    await writer.line('durable 30')
    await writer.kill()
    const [reads = '', refused] = await readOnFullDisk(dir)
    const count = Number(/^reads (\d+)$/.exec(reads)?.[1])
    expect(count).toBeGreaterThanOrEqual(30)
    expect(refused).toBe(FULL)
    const store = openStore({ file, key: testKey() })
    expect(numbersIn(store)).toHaveLength(count)
    expect(store.groups.list().map(({ returning }) => returning)).toEqual([false])
    store.close()
    expect(readDamage(dir)).toEqual([])
  },
  60_000,
)

test.runIf(isPosix)('a loss that must be noted is not passed over for want of room', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 0)
  const writer = runScript('write-loop.ts', dir)
  await writer.line('durable 30')
  await writer.kill()
  rmSync(`${file}-wal`)
  const [said] = await readOnFullDisk(dir)
  expect(said).toMatch(/^failed disk: The disk that the profile is on is full/)
  openStore({ file, key: testKey() }).close()
  expect(readDamage(dir)).toEqual(['log-handled'])
})

test.each([
  ['ENOSPC', /is full/],
  ['EDQUOT', /is full/],
  ['EROFS', /is read-only/],
  ['EACCES', /may not read or write/],
  ['EIO', /cannot be read or written/],
])('%s is told for what it is, and no path is', (code, words) => {
  const told = diskFault(Object.assign(new Error('/home/paula/secret'), { code }))
  expect(told).toMatchObject({ name: 'AppError', code: 'disk', message: expect.stringMatching(words) as string })
  expect(told).not.toMatchObject({ message: expect.stringContaining('paula') as string })
})
