import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TaskResult } from '../../../shared/domain/tasks.ts'
import { AppError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { unwatched } from '../../kernel/work.ts'
import type { Work } from '../../kernel/work.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { openStore } from '../../storage/open-store.ts'
import { PASSPHRASE, keeperOver, keeperWithProfile, keyring, newFolder } from '../../testing/fixtures/keeper.ts'
import type { OpenProfile } from '../api/context.ts'

const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })
const keyOf = ({ key }: OpenProfile): Uint8Array => key.reveal()

/** Whether nobody holds the database. */
function isFree(dataDir: string, key: Uint8Array): boolean {
  try {
    openStore({ file: databasePath(dataDir), key: new Redacted(key) }).close()
    return true
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'in-use') return false
    throw thrown
  }
}

describe('locking', () => {
  it('closes the database, wipes the key, and says so once', async () => {
    const { keeper, profile, dataDir, changes } = await keeperWithProfile()
    const bytes = keyOf(profile)
    const copy = Uint8Array.from(bytes)
    expect(await keeper.lock()).toEqual({ kind: 'locked', passphrase: true, recovery: false, passphraseRequired: true })
    expect(bytes).toEqual(new Uint8Array(32))
    expect(() => profile.key.reveal()).toThrow(TypeError)
    expect(keeper.opened).toBeNull()
    expect(() => keeper.open()).toThrow(code('locked'))
    expect(() => profile.store.settings.get('profile')).toThrow(code('stopping'))
    expect(changes()).toEqual(['open', 'locked'])
    expect(isFree(dataDir, copy)).toBe(true)
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
  })

  it('twice at once locks once', async () => {
    const { keeper, changes } = await keeperWithProfile()
    const states = await Promise.all([keeper.lock(), keeper.lock()])
    expect(states.map((state) => state.kind)).toEqual(['locked', 'locked'])
    expect(changes()).toEqual(['open', 'locked'])
  })

  it('is followed by what was asked meanwhile, in that order', async () => {
    const { keeper, changes } = await keeperWithProfile()
    const locking = keeper.lock()
    const [, profile] = await Promise.all([locking, keeper.unlock(PASSPHRASE)])
    expect(profile.name).toBe('Ann')
    expect(changes()).toEqual(['open', 'locked', 'open'])
    await Promise.all([keeper.lock(), keeper.stop()])
    expect(() => keeper.open()).toThrow(code('stopping'))
    await expect(keeper.lock()).rejects.toEqual(code('stopping'))
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('stopping'))
  })

  it('is refused where nothing would have to be given to open it again', async () => {
    const { keeper } = await keeperWithProfile(keyring(), null)
    await expect(keeper.lock()).rejects.toEqual(code('passphrase-required'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('has nothing to lock where no profile is', async () => {
    await expect(keeperOver(newFolder()).keeper.lock()).rejects.toEqual(code('no-profile'))
  })

  it('lets jobs end before the database is closed', async () => {
    const { keeper, profile } = await keeperWithProfile()
    let seen: unknown = 'nothing'
    const run = async (signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      await setImmediate()
      seen = profile.store.settings.get('profile')
    }
    profile.housekeeping.start([{ name: 'x', firstMs: 0, everyMs: 1000, run }])
    await new Promise((resolve) => setTimeout(resolve, 20))
    await keeper.lock()
    expect(seen).toBeInstanceOf(Uint8Array)
  })

  it('lets calls that somebody waits for end', async () => {
    const { keeper, calls, profile } = await keeperWithProfile()
    const done = Promise.withResolvers<[]>()
    const list = async (_: object) => {
      const answer = await done.promise
      profile.store.settings.get('profile')
      return answer
    }
    const api = calls.watch({ 'spaces.list': list }, () => undefined)
    const asked = api['spaces.list']({})
    const locking = keeper.lock()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(() => keeper.open()).toThrow(code('locked'))
    done.resolve([])
    expect(await asked).toEqual([])
    await locking
  })

  it('cancels tasks, also one that waits for the lock to end', async () => {
    const { keeper, tasks } = await keeperWithProfile()
    const result: TaskResult = { kind: 'check', checks: [] }
    const running = ({ signal }: Work) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.'))))
    tasks.start('backup', running)
    const locking = keeper.lock()
    let ran = false
    tasks.start('repair', (work) =>
      keeper.whileClosed(work, async () => {
        ran = true
        return result
      }),
    )
    await locking
    expect(tasks.list().map((task) => [task.kind, task.state.kind])).toEqual([
      ['repair', 'cancelled'],
      ['backup', 'cancelled'],
    ])
    expect(ran).toBe(false)
  })

  it('waits a while, and not for ever, for work that hangs on a disk which does not answer', async () => {
    const { keeper, tasks, profile, changes } = await keeperWithProfile()
    const bytes = keyOf(profile)
    const disk = Promise.withResolvers<never>()
    tasks.start('backup', () => disk.promise)
    profile.housekeeping.start([{ name: 'backup', firstMs: 0, everyMs: 1000, run: () => disk.promise }])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await keeper.lock()).kind).toBe('locked')
    expect([bytes, changes()]).toEqual([new Uint8Array(32), ['open', 'locked']])
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
    disk.reject(new AppError('disk', 'It was taken out.'))
  }, 30_000)

  it('hides what is here at once, and lets go out what was written last before the network stops', async () => {
    const { keeper, profile, changes } = await keeperWithProfile()
    const { messenger } = profile
    const steps: (string | undefined)[] = []
    const [stop, out, put] = [messenger.stop.bind(messenger), messenger.correspondence, messenger.mailboxes]
    out.idle = async () => void steps.push(changes().at(-1), 'out')
    put.part = async () => void steps.push('put')
    messenger.stop = () => stop().finally(() => steps.push('stopped'))
    await keeper.lock()
    expect(steps).toEqual(['locked', 'out', 'put', 'stopped'])
  })

  it('is not needed for that: a computer that goes to sleep lets it out, and stays as it was', async () => {
    const { keeper, profile, changes } = await keeperWithProfile()
    const steps: string[] = []
    profile.messenger.correspondence.idle = async () => void steps.push('out')
    profile.messenger.mailboxes.part = async () => void steps.push('put')
    await keeper.sleeps()
    expect([steps, changes(), keeper.status().kind]).toEqual([['out', 'put'], ['open'], 'open'])
    await keeper.lock()
    steps.length = 0
    await keeper.sleeps()
    expect(steps).toEqual([])
  })

  it('closes the database and wipes the key though something fails on the way', async () => {
    const { keeper, profile, changes } = await keeperWithProfile()
    const bytes = keyOf(profile)
    const { messenger } = profile
    const stop = messenger.stop.bind(messenger)
    messenger.stop = () => stop().then(() => Promise.reject(new Error('planned')))
    expect((await keeper.lock()).kind).toBe('locked')
    expect(bytes).toEqual(new Uint8Array(32))
    expect(() => profile.store.settings.get('profile')).toThrow(code('stopping'))
    expect(changes()).toEqual(['open', 'locked'])
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
  })
})

describe('work that must be alone', () => {
  it('has the folder to itself and the key, and the profile opens again after it', async () => {
    const { keeper, profile, dataDir, changes } = await keeperWithProfile()
    const key = Uint8Array.from(keyOf(profile))
    const answer = await keeper.whileClosed(unwatched, async (given) => {
      expect(given?.reveal()).toEqual(key)
      expect(isFree(dataDir, key)).toBe(true)
      expect(() => keeper.open()).toThrow(code('conflict'))
      expect(() => profile.key.reveal()).toThrow(TypeError)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(keeper.open().record.name).toBe('Ann')
    expect(changes()).toEqual(['open', 'open', 'open'])
  })

  it('that fails is followed by opening too', async () => {
    const { keeper } = await keeperWithProfile()
    await expect(keeper.whileClosed(unwatched, () => Promise.reject(new AppError('disk', 'Full.')))).rejects.toEqual(code('disk'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('goes on without a profile, and leaves a locked one locked', async () => {
    const nobody = keeperOver(newFolder())
    expect(await nobody.keeper.whileClosed(unwatched, async (key) => key)).toBeNull()
    expect(nobody.changes()).toEqual(['none'])
    const { keeper } = await keeperWithProfile()
    await keeper.lock()
    expect(await keeper.whileClosed(unwatched, async (key) => key)).toBeNull()
    expect(keeper.status().kind).toBe('locked')
  })

  it('keeps everybody else waiting until it is done', async () => {
    const { keeper } = await keeperWithProfile()
    await keeper.lock()
    const order: string[] = []
    const done = Promise.withResolvers<undefined>()
    const work = keeper.whileClosed(unwatched, () => done.promise.then(() => order.push('work')))
    const unlocking = keeper.unlock(PASSPHRASE).then(() => order.push('unlock'))
    await new Promise((resolve) => setTimeout(resolve, 30))
    done.resolve(undefined)
    await Promise.all([work, unlocking])
    expect(order).toEqual(['work', 'unlock'])
  })

  it('that is not wanted any more when its turn comes does nothing', async () => {
    const { keeper } = await keeperWithProfile()
    const abort = new AbortController()
    abort.abort()
    const work = keeper.whileClosed({ signal: abort.signal }, () => Promise.reject(new Error('it ran')))
    await expect(work).rejects.toEqual(code('cancelled'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('ends before the node stops, and nothing is opened after it', async () => {
    const { keeper, tasks, profile, dataDir } = await keeperWithProfile()
    const key = Uint8Array.from(keyOf(profile))
    const begun = Promise.withResolvers<undefined>()
    tasks.start('repair', (work) =>
      keeper.whileClosed(work, async () => {
        begun.resolve(undefined)
        await new Promise((resolve) => work.signal.addEventListener('abort', resolve))
        return { kind: 'repair', checks: [] }
      }),
    )
    await begun.promise
    await keeper.stop()
    expect(tasks.list().map((task) => task.state.kind)).toEqual(['done'])
    expect(isFree(dataDir, key)).toBe(true)
    expect(() => tasks.start('check', () => Promise.reject(new Error('it ran')))).toThrow(code('stopping'))
    await expect(keeper.whileClosed(unwatched, async () => 'ran')).rejects.toEqual(code('stopping'))
  })

  it('that leaves a database which does not open is told as that, until one does', async () => {
    const { keeper, dataDir, changes } = await keeperWithProfile()
    const database = databasePath(dataDir)
    let whole = Buffer.alloc(0)
    await keeper.whileClosed(unwatched, async () => {
      whole = readFileSync(database)
      rmSync(database)
    })
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/missing/) as string, repairable: false })
    writeFileSync(database, Buffer.alloc(whole.length, 1))
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('unreadable'))
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', repairable: true })
    expect(changes()).toEqual(['open', 'unreadable', 'unreadable'])
    // Nobody typed what opens it, so nothing was mended.
    const asked = keeper.whileClosed(unwatched, () => Promise.reject(new AppError('passphrase-required', 'Type it.')))
    await expect(asked).rejects.toEqual(code('passphrase-required'))
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', repairable: true })
    await keeper.whileClosed(unwatched, async () => writeFileSync(database, whole))
    expect(keeper.status()).toMatchObject({ kind: 'locked' })
    expect((await keeper.unlock(PASSPHRASE)).name).toBe('Ann')
  })

  it('is told to be under way until the profile is open again, and cannot spoil the key', async () => {
    const { keeper } = await keeperWithProfile()
    const codes = new Set<string>()
    const look = (): void => {
      try {
        keeper.open()
      } catch (thrown) {
        codes.add(thrown instanceof AppError ? thrown.code : 'other')
      }
    }
    /** Through the moments after the work ended. */
    const lookOn = async (): Promise<void> => {
      for (let moment = 0; moment < 50; moment++) {
        look()
        await Promise.resolve()
      }
    }
    const looking: Promise<void>[] = []
    await keeper.whileClosed(unwatched, async (key) => {
      key?.wipe()
      looking.push(lookOn())
    })
    await Promise.all(looking)
    expect([...codes]).toEqual(['conflict'])
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('is followed by opening what the keyring opens now', async () => {
    const vault = keyring()
    const { keeper, dataDir } = await keeperWithProfile(vault, null)
    await keeper.stop()
    vault.state.broken = true
    const later = keeperOver(dataDir, vault)
    await later.keeper.openWithKeyring()
    expect(later.keeper.status()).toMatchObject({ kind: 'unreadable', repairable: false })
    await later.keeper.whileClosed(unwatched, async () => {
      vault.state.broken = false
    })
    expect(later.keeper.open().record.name).toBe('Ann')
  })
})

it('a profile that the keyring opens and another node has is said to be in use, and opens by itself once it is asked for after that', async () => {
  const vault = keyring()
  const { keeper, dataDir } = await keeperWithProfile(vault, null)
  const other = keeperOver(dataDir, vault)
  await other.keeper.openWithKeyring()
  for (const _ of [1, 2]) expect(await other.keeper.standing()).toEqual({ kind: 'in-use' })
  await keeper.stop()
  expect(await other.keeper.standing()).toMatchObject({ kind: 'open', profile: { name: 'Ann' } })
})
