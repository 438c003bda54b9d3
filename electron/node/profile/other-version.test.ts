import { describe, expect, it } from 'vitest'
import type { KeyVault } from '../../ports/key-vault.ts'
import { unlock } from '../../storage/key-file/key-file.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { migrations } from '../../storage/migrations/migrations.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import { snapshot } from '../../storage/test-support/folder.ts'
import { PASSPHRASE, keeperOver, keeperWithProfile, keyring } from '../../testing/fixtures/keeper.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const NEWEST = migrations.length

/** A closed profile whose database says that it is of this schema. Of an older one, the steps that bring it up to date find done what they do, and fail. */
async function claim(dataDir: string, schema: number, vault: KeyVault | null): Promise<void> {
  const key = await unlock(dataDir, { passphrase: vault === null ? PASSPHRASE : null, vault })
  const database = openDatabase(databasePath(dataDir), key)
  database.pragma(`user_version = ${schema}`)
  database.close()
}

/** But for the note of which database was last open here: `claim` makes another of it. That it stays, too, is shown in `left-alone.test.ts`. */
const filesOf = (dataDir: string): string[] => snapshot(dataDir).filter((line) => !line.startsWith('profile.db-state '))

async function closedProfile(vault: KeyVault | null = null): Promise<string> {
  const { keeper, dataDir } = await keeperWithProfile(vault, vault === null ? PASSPHRASE : null)
  await keeper.stop()
  return dataDir
}

describe('a profile of a newer version', () => {
  it('is told as that when somebody typed what opens it, cannot be repaired here, and is not changed', async () => {
    const dataDir = await closedProfile()
    await claim(dataDir, NEWEST + 1, null)
    const before = filesOf(dataDir)
    const { keeper, changes } = keeperOver(dataDir)
    expect(keeper.status()).toMatchObject({ kind: 'locked' })
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('newer-profile'))
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', code: 'newer-profile', repairable: false })
    expect(changes()).toEqual(['unreadable'])
    await expect(keeper.create('Bob', PASSPHRASE)).rejects.toEqual(code('profile-exists'))
    expect(filesOf(dataDir)).toEqual(before)
    await claim(dataDir, NEWEST, null)
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
  })

  it('is told as that at the start where the keyring opens it', async () => {
    const vault = keyring()
    const dataDir = await closedProfile(vault)
    await claim(dataDir, NEWEST + 1, vault)
    const before = filesOf(dataDir)
    const { keeper } = keeperOver(dataDir, vault)
    await keeper.openWithKeyring()
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', code: 'newer-profile', repairable: false })
    expect(filesOf(dataDir)).toEqual(before)
  })
})

describe('a profile that cannot be brought up to date', () => {
  it('stays locked, says why to whoever unlocks it, each time, and opens once that is mended', async () => {
    const dataDir = await closedProfile()
    await claim(dataDir, NEWEST - 1, null)
    const before = filesOf(dataDir)
    const { keeper, changes } = keeperOver(dataDir)
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('upgrade-failed'))
      expect(keeper.status()).toMatchObject({ kind: 'locked', passphrase: true })
      expect(filesOf(dataDir)).toEqual(before)
    }
    expect(changes()).toEqual([])
    await claim(dataDir, NEWEST, null)
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
  })

  it('is told as that at the start where the keyring opens it, and is tried again when asked', async () => {
    const vault = keyring()
    const dataDir = await closedProfile(vault)
    await claim(dataDir, NEWEST - 1, vault)
    const before = filesOf(dataDir)
    const { keeper } = keeperOver(dataDir, vault)
    await keeper.openWithKeyring()
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', code: 'upgrade-failed', repairable: false })
    await expect(keeper.unlock(null)).rejects.toEqual(code('upgrade-failed'))
    expect(filesOf(dataDir)).toEqual(before)
    await claim(dataDir, NEWEST, vault)
    expect((await keeper.unlock(null)).name).toBe('Ann')
  })
})
