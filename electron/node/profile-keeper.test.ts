import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskResult } from '../../shared/domain/models.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { systemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { Redacted } from '../kernel/redacted.ts'
import { unwatched } from '../kernel/work.ts'
import type { Work } from '../kernel/work.ts'
import type { KeyVault } from '../ports/key-vault.ts'
import { unlock } from '../storage/key-file/key-file.ts'
import { databasePath } from '../storage/key-file/profile-folder.ts'
import { openStore } from '../storage/open-store.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { CallsInFlight } from './api/calls-in-flight.ts'
import type { OpenProfile } from './api/context.ts'
import { ProfileKeeper } from './profile-keeper.ts'
import { Tasks } from './tasks.ts'

const PASSPHRASE = 'a passphrase for tests'
const OTHER = 'another passphrase'
const code = (expected: string): unknown => expect.objectContaining({ name: 'AppError', code: expected })

/** A keyring that turns bits around; `user` is whose it is. */
const keyring = (state = { user: 0x55, safe: true, broken: false }): KeyVault & { state: typeof state } => {
  const turn = (bytes: Uint8Array): Promise<Uint8Array> =>
    state.broken ? Promise.reject(new AppError('unreadable', 'broken')) : Promise.resolve(bytes.map((byte) => byte ^ state.user))
  return {
    state,
    get safe() {
      return state.safe
    },
    wrap: turn,
    unwrap: turn,
  }
}

let folder: ReturnType<typeof tempDir>
const keepers: ProfileKeeper[] = []
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.stop()
  folder.remove()
})

function setUp(keyVault: KeyVault | null = null, name = 'profile') {
  const dataDir = join(folder.dir, name)
  const events: NodeEvent[] = []
  const emit = (event: NodeEvent): void => void events.push(event)
  const network = { loopbackOnly: true, mdns: false, webrtc: false }
  const options = { dataDir, keyVault, logger: silentLogger, clock: systemClock, random: systemRandom, passphraseWorkMs: 0, network }
  const tasks = new Tasks({ clock: systemClock, random: systemRandom, logger: silentLogger, emit })
  const calls = new CallsInFlight(systemClock)
  const keeper = new ProfileKeeper({ options, tasks, calls, emit, onOpened: async () => undefined })
  keepers.push(keeper)
  const changes = () => events.flatMap((event) => (event.event === 'profile.changed' ? [event.data.kind] : []))
  return { keeper, tasks, calls, dataDir, changes, events }
}

async function created(keyVault: KeyVault | null = null, passphrase: string | null = PASSPHRASE) {
  const made = setUp(keyVault)
  await made.keeper.create('Ann', passphrase)
  const profile = made.keeper.open()
  return { ...made, profile }
}

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
    const { keeper, profile, dataDir, changes } = await created()
    const bytes = keyOf(profile)
    const copy = Uint8Array.from(bytes)
    expect(await keeper.lock()).toEqual({ kind: 'locked', passphrase: true, recovery: false })
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
    const { keeper, changes } = await created()
    const states = await Promise.all([keeper.lock(), keeper.lock()])
    expect(states.map((state) => state.kind)).toEqual(['locked', 'locked'])
    expect(changes()).toEqual(['open', 'locked'])
  })

  it('is followed by what was asked meanwhile, in that order', async () => {
    const { keeper, changes } = await created()
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
    const { keeper } = await created(keyring(), null)
    await expect(keeper.lock()).rejects.toEqual(code('passphrase-required'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('has nothing to lock where no profile is', async () => {
    await expect(setUp().keeper.lock()).rejects.toEqual(code('no-profile'))
  })

  it('lets jobs end before the database is closed', async () => {
    const { keeper, profile } = await created()
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
    const { keeper, calls, profile } = await created()
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
    const { keeper, tasks } = await created()
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

  it('closes the database and wipes the key though something fails on the way', async () => {
    const { keeper, profile, changes } = await created()
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
    const { keeper, profile, dataDir, changes } = await created()
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
    const { keeper } = await created()
    await expect(keeper.whileClosed(unwatched, () => Promise.reject(new AppError('disk', 'Full.')))).rejects.toEqual(code('disk'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('goes on without a profile, and leaves a locked one locked', async () => {
    const nobody = setUp()
    expect(await nobody.keeper.whileClosed(unwatched, async (key) => key)).toBeNull()
    expect(nobody.changes()).toEqual(['none'])
    const { keeper } = await created()
    await keeper.lock()
    expect(await keeper.whileClosed(unwatched, async (key) => key)).toBeNull()
    expect(keeper.status().kind).toBe('locked')
  })

  it('keeps everybody else waiting until it is done', async () => {
    const { keeper } = await created()
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
    const { keeper } = await created()
    const abort = new AbortController()
    abort.abort()
    const work = keeper.whileClosed({ signal: abort.signal }, () => Promise.reject(new Error('it ran')))
    await expect(work).rejects.toEqual(code('cancelled'))
    expect(keeper.open().record.name).toBe('Ann')
  })

  it('ends before the node stops, and nothing is opened after it', async () => {
    const { keeper, tasks, profile, dataDir } = await created()
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

  it('that leaves a database which does not open is told as that, and repairable by what is there', async () => {
    const { keeper, dataDir } = await created()
    await keeper.whileClosed(unwatched, async () => rmSync(databasePath(dataDir)))
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', repairable: false })
  })
})

describe('the passphrase', () => {
  it('is changed by who knows it, and at once', async () => {
    const { keeper, dataDir, changes } = await created()
    await expect(keeper.setPassphrase(OTHER, 'something new')).rejects.toEqual(code('wrong-passphrase'))
    await expect(keeper.setPassphrase(null, 'something new')).rejects.toEqual(code('passphrase-required'))
    expect((await keeper.setPassphrase(PASSPHRASE, OTHER)).passphrase).toBe(true)
    await keeper.lock()
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('wrong-passphrase'))
    expect((await keeper.unlock(OTHER)).name).toBe('Ann')
    await expect(unlock(dataDir, { passphrase: PASSPHRASE, vault: null })).rejects.toEqual(code('wrong-passphrase'))
    expect(changes()).toEqual(['open', 'open', 'locked', 'open'])
  })

  it('is set where there was none, and then it can be locked', async () => {
    const { keeper } = await created(keyring(), null)
    expect(keeper.open().passphrase).toBe(false)
    expect((await keeper.setPassphrase(null, OTHER)).passphrase).toBe(true)
    expect(await keeper.lock()).toMatchObject({ kind: 'locked', passphrase: true })
    await expect(keeper.unlock(null)).rejects.toEqual(code('passphrase-required'))
    await keeper.unlock(OTHER)
  })

  it('is removed where the keyring is safe', async () => {
    const vault = keyring()
    const { keeper, dataDir } = await created(vault)
    expect((await keeper.setPassphrase(PASSPHRASE, null)).passphrase).toBe(false)
    await keeper.stop()
    const again = setUp(vault)
    await again.keeper.openWithKeyring()
    expect(again.keeper.open().record.name).toBe('Ann')
    await expect(unlock(dataDir, { passphrase: PASSPHRASE, vault: null })).rejects.toEqual(code('unreadable'))
  })

  it('stays where there is no keyring', async () => {
    const { keeper } = await created(keyring({ user: 1, safe: false, broken: false }))
    await expect(keeper.setPassphrase(PASSPHRASE, null)).rejects.toEqual(code('passphrase-required'))
    await keeper.lock()
    await keeper.unlock(PASSPHRASE)
  })

  it('of a closed profile cannot be changed', async () => {
    const { keeper } = await created()
    await keeper.lock()
    await expect(keeper.setPassphrase(PASSPHRASE, OTHER)).rejects.toEqual(code('locked'))
    await expect(keeper.makeRecoveryPhrase(PASSPHRASE)).rejects.toEqual(code('locked'))
  })

  it('tried several times at once is tried one after another', async () => {
    const { keeper } = await created()
    await keeper.lock()
    const tries = await Promise.allSettled([OTHER, PASSPHRASE, OTHER].map((passphrase) => keeper.unlock(passphrase)))
    // The last one finds it open.
    expect(tries.map((one) => one.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })
})

describe('a recovery phrase', () => {
  it('opens the profile when the passphrase is forgotten, sets a new one, and stays good', async () => {
    const { keeper } = await created()
    await expect(keeper.makeRecoveryPhrase(OTHER)).rejects.toEqual(code('wrong-passphrase'))
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(PASSPHRASE)
    expect(keeper.status()).toMatchObject({ kind: 'open', profile: { recovery: true } })
    expect(await keeper.lock()).toEqual({ kind: 'locked', passphrase: true, recovery: true })
    await expect(keeper.recover('zoo '.repeat(24), OTHER)).rejects.toEqual(code('wrong-recovery-phrase'))
    await expect(keeper.recover(recoveryPhrase, null)).rejects.toEqual(code('passphrase-required'))
    expect(await keeper.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann', passphrase: true, recovery: true })
    await expect(keeper.recover(recoveryPhrase, OTHER)).rejects.toEqual(code('profile-exists'))
    await keeper.lock()
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('wrong-passphrase'))
    await keeper.unlock(OTHER)
    await keeper.lock()
    await keeper.recover(recoveryPhrase, PASSPHRASE)
  })

  it('opens nothing any more once it is removed', async () => {
    const { keeper } = await created()
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(PASSPHRASE)
    expect((await keeper.removeRecoveryPhrase(PASSPHRASE)).recovery).toBe(false)
    await keeper.lock()
    await expect(keeper.recover(recoveryPhrase, OTHER)).rejects.toEqual(code('wrong-recovery-phrase'))
  })

  it.each([
    ['gives back another key', { user: 0x11, safe: true, broken: false }],
    ['gives back nothing', { user: 0x55, safe: true, broken: true }],
    ['protects nothing any more', { user: 0x55, safe: false, broken: false }],
  ])('opens the profile where the keyring %s', async (_what, changed) => {
    const { keeper } = await created(keyring(), null)
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(null)
    await keeper.stop()
    const later = setUp(keyring(changed)).keeper
    await later.openWithKeyring()
    expect(later.status()).toEqual({ kind: 'locked', passphrase: false, recovery: true })
    expect(await later.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann', passphrase: true })
    await later.lock()
    await later.unlock(OTHER)
  })

  it('is told to be missing where the keyring changed and there is none', async () => {
    const { keeper } = await created(keyring(), null)
    await keeper.stop()
    const later = setUp(keyring({ user: 0x11, safe: true, broken: false })).keeper
    await later.openWithKeyring()
    expect(later.status()).toMatchObject({ kind: 'unreadable', repairable: false })
    await expect(later.create('Bob', OTHER)).rejects.toEqual(code('profile-exists'))
  })

  it('whose new wrap cannot be made leaves everything as it was', async () => {
    const { keeper } = await created(keyring(), null)
    const { recoveryPhrase } = await keeper.makeRecoveryPhrase(null)
    await keeper.stop()
    const later = setUp(keyring({ user: 0x11, safe: true, broken: true })).keeper
    await expect(later.recover(recoveryPhrase, null)).rejects.toEqual(code('unreadable'))
    expect(later.opened).toBeNull()
    expect(await later.recover(recoveryPhrase, OTHER)).toMatchObject({ name: 'Ann' })
  })
})

describe('a damaged key file', () => {
  it('is mended when the profile opens, and told when its copy is damaged too', async () => {
    const { keeper, dataDir } = await created()
    const [file, copy] = [join(dataDir, 'profile.json'), join(dataDir, 'profile.json.copy')]
    await keeper.lock()
    writeFileSync(file, 'x')
    expect(keeper.status()).toMatchObject({ kind: 'locked', passphrase: true })
    await keeper.unlock(PASSPHRASE)
    expect(readFileSync(file)).toEqual(readFileSync(copy))
    await keeper.lock()
    for (const one of [file, copy]) writeFileSync(one, 'x')
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/damaged/) as string, repairable: false })
    await expect(keeper.unlock(PASSPHRASE)).rejects.toEqual(code('unreadable'))
    await expect(keeper.create('Bob', OTHER)).rejects.toEqual(code('unreadable'))
    expect([file, copy].map((one) => readFileSync(one, 'utf8'))).toEqual(['x', 'x'])
    writeFileSync(file, '{"format":3}')
    expect(keeper.status()).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/newer SpacePanda/) as string })
  })
})
