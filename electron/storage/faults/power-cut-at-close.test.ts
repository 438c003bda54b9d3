import { existsSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { statePath } from '../integrity/log-state.ts'
import { openStore } from '../open-store.ts'
import { profileWithSnapshot } from '../test-support/damage.ts'
import { testFolder, testKey } from '../test-support/folder.ts'

const disk = vi.hoisted(() => ({ synced: (): void => undefined }))

vi.mock('../key-file/durable-file.ts', async (original) => {
  const real = await original<typeof import('../key-file/durable-file.ts')>()
  return {
    ...real,
    syncFolder: (dir: string) => {
      real.syncFolder(dir)
      disk.synced()
    },
  }
})

/** Names that are removed reach the disk in any order, unless the folder is synced between them. */
test('that a profile is in use is durably taken back before its log goes, so that no power cut between makes it a loss', async () => {
  const file = await profileWithSnapshot(testFolder(), 0, 5)
  const store = openStore({ file, key: testKey() })
  const durable: { noted: boolean; log: boolean }[] = []
  disk.synced = () => void durable.push({ noted: existsSync(statePath(file)), log: existsSync(`${file}-wal`) })
  store.close()
  expect(durable).toContainEqual({ noted: false, log: true })
  expect(existsSync(`${file}-wal`)).toBe(false)
})
