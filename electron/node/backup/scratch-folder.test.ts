import { expect, test, vi } from 'vitest'
import { scratchFolder } from './scratch-folder.ts'

/** Free bytes of each folder; others are not there. */
const rooms = vi.hoisted(() => new Map<string, number>())

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  statfsSync: (folder: string) => {
    const room = rooms.get(folder)
    if (room === undefined) throw new Error('ENOENT')
    return { bavail: room / 4096, bsize: 4096 }
  },
}))

const MB = 1024 * 1024
const choose = (profile: number | null, stick: number, temporary: number, bytes: number): string => {
  rooms.clear()
  if (profile !== null) rooms.set('/profile', profile)
  rooms.set('/stick', stick).set('/tmp', temporary)
  return scratchFolder(['/profile', '/stick'], bytes, '/tmp')
}

test('a database is looked at in the profile folder, where there is room for it', () => {
  expect(choose(20 * MB, 100 * MB, 100 * MB, 10 * MB)).toBe('/profile')
})

test('from a full disk it is looked at beside the backup, and else among the temporary files', () => {
  expect(choose(0, 100 * MB, 100 * MB, 10 * MB)).toBe('/stick')
  expect(choose(10 * MB, 10 * MB, 100 * MB, 10 * MB)).toBe('/tmp')
  expect(choose(null, 100 * MB, 100 * MB, 10 * MB)).toBe('/stick')
})

test('where there is no room anywhere the first that is there is used, which then says so', () => {
  expect(choose(0, 0, 0, 10 * MB)).toBe('/profile')
  expect(choose(null, 0, 0, 10 * MB)).toBe('/stick')
})
