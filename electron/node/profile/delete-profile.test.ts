import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newcomer } from '../../testing/story/test-node.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { deleteProfile } from './delete-profile.ts'

let folder: ReturnType<typeof tempDir>
beforeEach(() => (folder = tempDir()))
afterEach(() => folder.remove())

it('deletes all of a profile with its folder, but not while it is open', async () => {
  const alice = await newcomer(folder.dir, 'Alice')
  const dir = join(folder.dir, 'Alice')
  const there = readdirSync(dir)
  await expect(deleteProfile(dir)).rejects.toMatchObject({ code: 'in-use' })
  expect(readdirSync(dir)).toEqual(there)
  await alice.stop()
  mkdirSync(join(dir, 'snapshots'))
  writeFileSync(join(dir, 'snapshots', 'a.db'), 'x')
  expect(await deleteProfile(dir)).toBeGreaterThan(3)
  expect(existsSync(dir)).toBe(false)
  await expect(deleteProfile(dir)).rejects.toMatchObject({ code: 'no-profile' })
})

it('leaves what is not a profile’s, and deletes the rest where it died in the middle', async () => {
  for (const name of ['profile.db', 'profile.db-wal', 'profile.jpg']) writeFileSync(join(folder.dir, name), 'x')
  expect(await deleteProfile(folder.dir)).toBe(2)
  expect(readdirSync(folder.dir)).toEqual(['profile.jpg'])
  await expect(deleteProfile(folder.dir)).rejects.toMatchObject({ code: 'no-profile' })
  writeFileSync(join(folder.dir, 'relay.key'), 'x')
  writeFileSync(join(folder.dir, 'profile.db'), 'x')
  await expect(deleteProfile(folder.dir)).rejects.toMatchObject({ code: 'conflict' })
  expect(readdirSync(folder.dir)).toHaveLength(3)
})
