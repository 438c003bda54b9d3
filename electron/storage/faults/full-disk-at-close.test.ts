import { expect, test, vi } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import { groupRow } from '../../testing/contracts/store/rows.ts'
import { readDamage } from '../integrity/damage-note.ts'
import { openStore } from '../open-store.ts'
import { profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

const disk = vi.hoisted(() => ({ full: false }))

/** A full disk takes no new file, while what is there already can be written over, as SQLite does when it closes. */
vi.mock('../key-file/durable-file.ts', async (original) => {
  const real = await original<typeof import('../key-file/durable-file.ts')>()
  return {
    ...real,
    replaceDurably: (file: string, content: Uint8Array) => {
      if (disk.full) throw new AppError('disk', 'There is no room.')
      real.replaceDurably(file, content)
    },
  }
})

test('a profile that is closed on a full disk lost nothing, and nobody is told that it did', async () => {
  const dir = testFolder()
  const file = await profileWithSnapshot(dir, 0, 5)
  const store = openStore({ file, key: testKey() })
  store.transaction((tx) => tx.groups.put(groupRow({ sentSeq: 9 })))
  disk.full = true
  store.close()
  disk.full = false
  const again = openStore({ file, key: testKey() })
  expect(again.groups.list()).toMatchObject([{ sentSeq: 9, returning: false }])
  expect(readDamage(dir)).toEqual([])
  again.close()
})
