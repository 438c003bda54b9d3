import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { checkContent } from '../integrity/check-content.ts'
import { readDamage } from '../integrity/damage-note.ts'
import { openStore } from '../open-store.ts'
import { numbersIn, profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

const script = fileURLToPath(new URL('../test-support/fill-disk.ts', import.meta.url))

/** The system refuses to make any file larger than so many blocks of 1 KiB: the closest to a full disk without rights of its own. */
const withLimit = (blocks: number, dir: string, first: number) =>
  promisify(execFile)('bash', ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, script, dir, String(first)])

const isPosix = process.platform !== 'win32'

test.runIf(isPosix)(
  'a disk that is full refuses what is new in words, loses nothing and goes on once there is room',
  async () => {
    const dir = testFolder()
    const file = await profileWithSnapshot(dir, 0, 0)
    const { stdout } = await withLimit(1500, dir, 1)
    const [, count] = /^refused disk after (\d+)$/m.exec(stdout) ?? []
    const written = Number(count)
    expect(written).toBeGreaterThan(10)
    expect(stdout).toContain(`reads ${written}`)
    expect(stdout).toContain('ended')
    const store = openStore({ file, key: testKey() })
    expect(numbersIn(store)).toEqual(Array.from({ length: written }, (_, index) => index + 1))
    expect(await checkContent(store, unwatched)).toEqual({})
    expect(await store.file.quickCheck(unwatched)).toEqual([])
    store.close()
    expect(readDamage(dir)).toEqual([])
    const again = await withLimit(3000, dir, written + 1)
    expect(Number(/after (\d+)$/m.exec(again.stdout)?.[1])).toBeGreaterThan(written)
  },
  60_000,
)

test.runIf(isPosix)(
  'a snapshot for which there is no room leaves nothing behind',
  async () => {
    const dir = testFolder()
    await profileWithSnapshot(dir, 0, 2000)
    // The database is larger already than any file may become.
    const { stdout } = await withLimit(700, dir, 10_000)
    expect(stdout).toContain('snapshot disk')
    expect(stdout).toContain('ended')
    expect(readdirSync(join(dir, 'snapshots'))).toEqual([])
  },
  60_000,
)
