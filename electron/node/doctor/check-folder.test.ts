import { expect, test } from 'vitest'
import { judgeRoom } from './check-folder.ts'

const MIB = 1024 * 1024

test('a disk with room for a snapshot and for the rest is in order', () => {
  expect(judgeRoom(MIB, 257 * MIB)).toEqual({ name: 'disk', ok: true, detail: 'There is room on the disk for a snapshot of the database.' })
})

test('a disk on which no snapshot is made is a warning that says what is kept free, and what is missing', () => {
  expect(judgeRoom(0.33 * MIB, 5.6 * MIB)).toEqual({
    ...{ name: 'disk', ok: true, warning: true },
    detail: 'No snapshot is made now: it would take 1 MiB, and leave less than 256 MiB of the disk free. 251 MiB more are needed.',
  })
})

test('a full disk is not in order', () => {
  expect(judgeRoom(MIB, 4096)).toMatchObject({ ok: false, detail: expect.stringContaining('The disk is full') as string })
})
