import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unwatched } from '../../kernel/work.ts'
import { channelId } from '../../testing/contracts/store/rows.ts'
import { readKeyFile } from '../key-file/key-file.ts'
import { openStore } from '../open-store.ts'
import { backupWorld } from '../test-support/backup-world.ts'
import { testFolder, testKey } from '../test-support/folder.ts'
import { runScript } from '../test-support/process.ts'
import { restoreBackup } from './restore-backup.ts'
import { finishRestore } from './staging.ts'

/** Whole and prepared, or not there. */
function whatIsThere(dir: string): 'nothing' | 'profile' {
  if (readKeyFile(dir) === 'absent') return 'nothing'
  const store = openStore({ file: join(dir, 'profile.db'), key: testKey() })
  try {
    expect(store.settings.get('put-back')).toEqual(Uint8Array.of(1))
    expect(store.messages.page(channelId(1), 100, null).messages).toHaveLength(30)
    return 'profile'
  } finally {
    store.close()
  }
}

const again = (file: string, dir: string) =>
  restoreBackup(
    {
      file,
      dir,
      opener: { kind: 'key', key: testKey() },
      openStore: (path, key) => openStore({ file: path, key }),
      prepare: (store) => store.transaction((tx) => tx.settings.set('put-back', Uint8Array.of(1))),
    },
    unwatched,
  )

describe('a restore that is killed', () => {
  test('before any call that changes the disk leaves nothing or a whole profile, and can be done again', { timeout: 240_000 }, async () => {
    const { file, backUp, store } = await backupWorld(30)
    await backUp()
    store.close()
    const root = testFolder()
    const killedAt = async (at: number): Promise<{ line: string; dir: string }> => {
      const dir = join(root, String(at))
      mkdirSync(dir)
      const child = runScript('restore-once.ts', file, dir, String(at))
      await child.ended
      return { line: child.lines.join(' '), dir }
    }
    const outcomes: string[] = []
    for (let at = 1; ; at++) {
      const { line, dir } = await killedAt(at)
      if (line.startsWith('restored')) break
      expect(line).toMatch(/^died before /)
      finishRestore(dir)
      const outcome = whatIsThere(dir)
      outcomes.push(outcome)
      if (outcome === 'nothing') {
        await again(file, dir)
        expect(whatIsThere(dir)).toBe('profile')
      } else {
        await expect(again(file, dir)).rejects.toMatchObject({ code: 'profile-exists' })
        expect(whatIsThere(dir)).toBe('profile')
      }
      expect(readdirSync(dir).filter((name) => name.startsWith('restoring'))).toEqual([])
      rmSync(dir, { recursive: true })
    }
    // Once it is a profile it stays one.
    expect(outcomes).toEqual([...outcomes].sort())
    expect(new Set(outcomes)).toEqual(new Set(['nothing', 'profile']))
    expect(outcomes.length).toBeGreaterThan(15)
  })
})
