import { execFile } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { backupWorld } from '../test-support/backup-world.ts'
import { asNobody, isRoot, NOBODY } from '../test-support/become-nobody.ts'
import { targetFault } from './new-file.ts'

const script = fileURLToPath(new URL('../test-support/backup-once.ts', import.meta.url))

/** No file may become larger than so many blocks of 1 KiB: the closest to a full disk without rights of its own. */
const limited = async (blocks: number | 'unlimited', ...args: string[]): Promise<string> => {
  const command = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`
  return (await promisify(execFile)('bash', ['-c', command, process.execPath, script, ...args])).stdout.trim()
}

test.runIf(process.platform !== 'win32')(
  'without room for it a backup is neither made nor verified nor restored; that is told in words, and nothing is left',
  async () => {
    const { dir, home, file, store } = await backupWorld(500)
    store.close()
    const [before, there] = [readdirSync(dir), readdirSync(home).sort()]
    expect(await limited(100, 'create', file, home)).toMatch(/^refused disk: There is not enough room/)
    expect(readdirSync(dir)).toEqual(before)
    expect(readdirSync(home).sort()).toEqual(there)
    expect(await limited('unlimited', 'create', file, home)).toBe('done')
    expect(await limited(100, 'verify', file, home)).toMatch(/^refused disk: There is not enough room to open the backup/)
    expect(readdirSync(home).sort()).toEqual(there)
    const away = join(dir, 'away')
    expect(await limited(100, 'restore', file, away)).toMatch(/^refused disk: There is not enough room/)
    expect(readdirSync(dir).sort()).toEqual(['a.spacepanda-backup', 'home'])
    expect(await limited('unlimited', 'restore', file, away)).toBe('done')
  },
  60_000,
)

test.runIf(process.platform !== 'win32')('a folder that may not be written is told in words', async () => {
  const { dir, home, store } = await backupWorld(5)
  store.close()
  const closed = join(dir, 'closed')
  mkdirSync(closed)
  if (isRoot) for (const path of [dir, home, closed, ...readdirSync(home).map((name) => join(home, name))]) chownSync(path, NOBODY, NOBODY)
  chmodSync(closed, 0o500)
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'create', join(closed, 'b'), home], { env: asNobody() })
  chmodSync(closed, 0o700)
  expect(stdout).toMatch(/^refused disk: SpacePanda may not write there/)
  expect(readdirSync(closed)).toEqual([])
})

test.each([
  ['ENOSPC', 'disk'],
  ['EDQUOT', 'disk'],
  ['EROFS', 'disk'],
  ['EIO', 'disk'],
  ['ENOENT', 'not-found'],
  ['ENAMETOOLONG', 'invalid'],
])('%s is %s', (code, expected) => {
  expect(targetFault(Object.assign(new Error('/home/somebody/secret'), { code }))).toMatchObject({ name: 'AppError', code: expected })
  expect(targetFault(Object.assign(new Error('/home/somebody/secret'), { code }))).not.toMatchObject({
    message: expect.stringContaining('somebody') as string,
  })
})
