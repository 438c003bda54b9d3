import type { Profile, ProfileStatus } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { faultName } from '../../kernel/logger.ts'
import { unmovingBytes } from '../../kernel/bytes.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { Serial } from '../../kernel/serial.ts'
import { within } from '../../kernel/within.ts'
import type { Work } from '../../kernel/work.ts'
import { stopIfCancelled } from '../../kernel/work.ts'
import { PASSPHRASE_WORK_MS } from '../../storage/key-file/argon2.ts'
import { changePassphrase, checkPassphrase, makeRecoveryPhrase, removeRecoveryPhrase } from '../../storage/key-file/change-key-file.ts'
import { createKeyFile, keyFileProblem, readKeyFile, unlock } from '../../storage/key-file/key-file.ts'
import type { Making } from '../../storage/key-file/key-file.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { isRepairable } from '../../storage/repair/repair-database.ts'
import type { CallsInFlight } from '../api/calls-in-flight.ts'
import { part } from '../part.ts'
import { profileView } from '../api/context.ts'
import { isServed } from '../control/dial.ts'
import type { OpenProfile } from '../api/context.ts'
import type { NodeOptions } from '../node-handle.ts'
import { jobsOf, openProfile, openersOf } from './open-profile.ts'
import { Starting } from './starting.ts'
import type { Tasks } from '../tasks.ts'

/** Why a profile could not be opened, though nobody's passphrase was wrong. */
type Problem = Omit<Extract<ProfileStatus, { kind: 'unreadable' }>, 'kind'>

type State =
  | { kind: 'closed'; problem: Problem | null }
  | { kind: 'open'; profile: OpenProfile }
  /** Closed for work that must be alone with the folder; what was open is opened again after. */
  | { kind: 'aside' }
  | { kind: 'stopped' }

interface Deps {
  options: NodeOptions
  tasks: Tasks
  calls: CallsInFlight
  emit: (event: NodeEvent) => void
  /** A profile is open: the database's lock is held, so this is the one node of the folder. */
  onOpened: () => Promise<void>
}

/** Work looks whether it was told to end many times a second. */
const END_WITHIN_MS = 5_000

/** A network that does not come up does not go down either, and whoever quits does not wait for it. */
const HUNG_WITHIN_MS = 1_000

/** Opens and closes the one profile of a folder. Everything here happens one after another, in the order asked for. */
export class ProfileKeeper {
  readonly #deps: Deps
  readonly #serial = new Serial()
  readonly #starting: Starting
  #state: State = { kind: 'closed', problem: null }
  #stopping = false
  /** Since then the socket of the folder is ours. */
  #wasOpen = false
  /** The keyring would open it, and another node has it. */
  #isTaken = false

  constructor(deps: Deps) {
    this.#deps = deps
    this.#starting = new Starting(deps.options)
  }

  get opened(): OpenProfile | null {
    return this.#state.kind === 'open' ? this.#state.profile : null
  }

  /** Throws `AppError('no-profile' | 'locked' | 'conflict' | 'stopping')` unless a profile is open. */
  open(): OpenProfile {
    switch (this.#state.kind) {
      case 'open':
        return this.#state.profile
      case 'stopped':
        throw stopping()
      case 'aside':
        throw new AppError('conflict', 'SpacePanda is working on this profile. It opens again by itself.')
      case 'closed':
        if (readKeyFile(this.#dataDir) === 'absent') throw noProfile()
        throw new AppError('locked', 'The profile is locked. Unlock it in the window, or on the command line with: unlock')
    }
  }

  status(): ProfileStatus {
    if (this.#state.kind === 'open') return { kind: 'open', profile: profileView(this.#state.profile) }
    const status = readKeyFile(this.#dataDir)
    if (status === 'absent') return { kind: 'none', passphraseRequired: !this.#vaultIsSafe() }
    if (status === 'damaged') return { kind: 'unreadable', ...problemOf(keyFileProblem(this.#dataDir)) }
    if (this.#state.kind === 'closed' && this.#state.problem !== null) return { kind: 'unreadable', ...this.#state.problem }
    return { kind: 'locked', ...openersOf(this.#deps.options) }
  }

  /** The same for whoever asks: before somebody types what opens it they shall know that another node has it open. */
  async standing(): Promise<ProfileStatus> {
    if (this.#isTaken) await this.openWithKeyring()
    const served = this.status().kind === 'locked' && (this.#isTaken || (await isServed(this.#dataDir)))
    // It may have been opened here while we asked.
    const now = this.status()
    return served && now.kind === 'locked' && !this.#wasOpen ? { kind: 'in-use' } : now
  }

  /** Where the system's keyring holds the key, nobody needs to be asked for anything. While another node has it, `standing` says so and tries again. */
  openWithKeyring(): Promise<void> {
    return this.#serial.run(() => this.#openWithKeyring())
  }

  create(name: string, passphrase: string | null): Promise<Profile> {
    return this.#serial.run(async () => {
      this.#demandClosed()
      const key = await createKeyFile(this.#dataDir, { passphrase, vault: this.#deps.options.keyVault }, this.#making())
      return this.#start(await this.#openWith(key, name))
    })
  }

  unlock(passphrase: string | null): Promise<Profile> {
    return this.#serial.run(async () => {
      if (this.#state.kind === 'open') return profileView(this.#state.profile)
      this.#demandClosed()
      const key = await unlock(this.#dataDir, { passphrase, vault: this.#deps.options.keyVault })
      return this.#start(await this.#openWith(key, null))
    })
  }

  /** Opens by the recovery phrase, which stays good, and gives the profile another passphrase; null leaves its key to the keyring. */
  recover(recoveryPhrase: string, passphrase: string | null): Promise<Profile> {
    return this.#serial.run(async () => {
      this.#demandClosed()
      const { keyVault: vault } = this.#deps.options
      if (passphrase === null && !this.#vaultIsSafe())
        throw new AppError('passphrase-required', 'There is no keyring here that could protect this profile. Choose a passphrase.')
      const key = await unlock(this.#dataDir, { recoveryPhrase, passphrase: null, vault: null })
      // The database first: a key that opens nothing must not be wrapped anew, and its lock keeps others from the key file.
      const profile = await this.#openWith(key, null)
      try {
        await changePassphrase(this.#dataDir, key, { next: passphrase, vault, ...this.#making() })
      } catch (thrown) {
        await this.#close(profile)
        throw thrown
      }
      return this.#start(this.#withOpeners(profile))
    })
  }

  /** Sets, changes or (null) removes the passphrase. */
  setPassphrase(current: string | null, next: string | null): Promise<Profile> {
    return this.#serial.run(async () => {
      const { key } = await this.#checked(current)
      await changePassphrase(this.#dataDir, key, { next, vault: this.#deps.options.keyVault, ...this.#making() })
      return this.#told()
    })
  }

  makeRecoveryPhrase(current: string | null): Promise<{ recoveryPhrase: string }> {
    return this.#serial.run(async () => {
      const { key } = await this.#checked(current)
      const recoveryPhrase = makeRecoveryPhrase(this.#dataDir, key, this.#deps.options.random)
      this.#told()
      return { recoveryPhrase }
    })
  }

  removeRecoveryPhrase(current: string | null): Promise<Profile> {
    return this.#serial.run(async () => {
      const { key } = await this.#checked(current)
      removeRecoveryPhrase(this.#dataDir, key)
      return this.#told()
    })
  }

  /** Closes the profile and forgets its key; does nothing to one that is closed. Throws `AppError('passphrase-required' | 'no-profile')`. */
  lock(): Promise<ProfileStatus> {
    return this.#serial.run(async () => {
      if (this.#state.kind === 'open') await this.#lock(this.#state.profile)
      else this.#demandProfile()
      return this.status()
    })
  }

  async whileClosed<T>({ signal }: Pick<Work, 'signal'>, work: (key: Redacted<Uint8Array> | null) => Promise<T>): Promise<T> {
    const begun = { yet: false }
    const result = this.#serial.run(() => {
      stopIfCancelled({ signal })
      begun.yet = true
      return this.#aside(work)
    })
    // Who waits for its turn here may be waited for by whoever has the turn, so it must be able to leave.
    const left = new Promise<never>((_, reject) => {
      const leave = () => {
        if (!begun.yet) reject(new AppError('cancelled', 'This was cancelled. Nothing was changed.'))
      }
      if (signal.aborted) leave()
      signal.addEventListener('abort', leave, { once: true })
    })
    return Promise.race([result, left])
  }

  /** The computer goes to sleep, and waits for nobody: what was written last goes out while it can. Nothing else changes. */
  async sleeps(): Promise<void> {
    if (this.#state.kind === 'open') await part(this.#state.profile.messenger, this.#deps.options.clock)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    // Before its turn comes, because it may be one of them that has the turn.
    await this.#patiently(this.#deps.tasks.end())
    return this.#serial.run(async () => {
      const state = this.#state
      this.#state = { kind: 'stopped' }
      if (state.kind === 'open') await this.#close(state.profile)
    })
  }

  async #aside<T>(work: (key: Redacted<Uint8Array> | null) => Promise<T>): Promise<T> {
    if (this.#state.kind === 'stopped') throw stopping()
    const before = this.#state
    const keyCopy = () => (before.kind === 'open' ? new Redacted(unmovingBytes(before.profile.key.reveal())) : null)
    const [forWork, forOpening] = [keyCopy(), keyCopy()]
    // Work that fails leaves what was wrong before as wrong as it was.
    let problem = before.kind === 'closed' ? before.problem : null
    this.#state = { kind: 'aside' }
    try {
      if (before.kind === 'open') await this.#close(before.profile)
      const result = await work(forWork)
      problem = null
      return result
    } finally {
      forWork?.wipe()
      await this.#openAgain(forOpening, problem)
      this.#deps.emit({ event: 'profile.changed', data: this.status() })
    }
  }

  /** After work that was alone with the folder; with no key, where the keyring gives one for what is there now. */
  async #openAgain(key: Redacted<Uint8Array> | null, problem: Problem | null): Promise<void> {
    try {
      if (this.#stopping) key?.wipe()
      else if (key === null) await this.#openWithKeyring()
      else await this.#start(await this.#openWith(key, null))
    } catch (thrown) {
      this.#deps.options.logger.error('reopen-failed', { fault: faultName(thrown) })
    } finally {
      // Only now: who asked meanwhile was told that it opens by itself.
      if (this.#state.kind === 'aside') this.#state = { kind: 'closed', problem }
    }
  }

  async #openWithKeyring(): Promise<void> {
    const status = readKeyFile(this.#dataDir)
    const closed = this.#state.kind === 'closed' || this.#state.kind === 'aside'
    if (!closed || typeof status === 'string' || status.passphrase || !this.#vaultIsSafe()) return
    this.#isTaken = false
    try {
      const key = await unlock(this.#dataDir, { passphrase: null, vault: this.#deps.options.keyVault }).catch((thrown: unknown) => {
        // A recovery phrase needs no keyring, so who has one is asked for it. Without one no repair helps: there is no key.
        if (thrown instanceof AppError && !status.recovery) this.#failed(problemOf(thrown))
        throw thrown
      })
      await this.#start(await this.#openWith(key, null))
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      this.#isTaken = thrown.code === 'in-use'
      this.#deps.options.logger.error('keyring-unlock-failed', { code: thrown.code })
    }
  }

  #failed(problem: Problem): void {
    this.#state = { kind: 'closed', problem }
  }

  /** Takes the key over: it is wiped if the profile cannot be opened. */
  async #openWith(key: Redacted<Uint8Array>, name: string | null): Promise<OpenProfile> {
    const { options, emit } = this.#deps
    try {
      return await openProfile(options, key, { name, emit })
    } catch (thrown) {
      key.wipe()
      if (thrown instanceof AppError && thrown.code === 'upgrade-failed')
        options.logger.error('upgrade-failed', { fault: faultName(thrown.cause) })
      if (thrown instanceof AppError && this.#isLasting(thrown)) {
        // Work that was alone with the folder tells by itself how it left it.
        const isTold = this.#state.kind === 'aside'
        this.#failed(problemOf(thrown, thrown.code === 'unreadable' && isRepairable(databasePath(this.#dataDir))))
        if (!isTold) emit({ event: 'profile.changed', data: this.status() })
      }
      throw thrown
    }
  }

  /** Whether it is so until something is done about the profile. Who types what opens it sees there why it did not, and tries again there. */
  #isLasting({ code }: AppError): boolean {
    if (code === 'upgrade-failed') return !openersOf(this.#deps.options).passphrase
    return code === 'unreadable' || code === 'newer-profile'
  }

  async #start(profile: OpenProfile): Promise<Profile> {
    this.#state = { kind: 'open', profile }
    this.#wasOpen = true
    await this.#deps.onOpened()
    const runs = (): void => profile.housekeeping.start(jobsOf(profile, this.#deps))
    const isWanted = (): boolean => this.opened === profile && !this.#stopping
    if (this.#deps.options.early === true)
      this.#starting.begin(profile.messenger, isWanted, () => {
        runs()
        this.#tell(profile)
      })
    else {
      await profile.messenger.start()
      runs()
    }
    return this.#tell(profile)
  }

  /** The open profile, for whoever knows its passphrase. */
  async #checked(current: string | null): Promise<OpenProfile> {
    const profile = this.open()
    await checkPassphrase(this.#dataDir, current)
    return profile
  }

  /** What opens the profile has changed. */
  #told(): Profile {
    return this.#tell(this.#withOpeners(this.open()))
  }

  #tell(profile: OpenProfile): Profile {
    const view = profileView(profile)
    this.#deps.emit({ event: 'profile.changed', data: { kind: 'open', profile: view } })
    return view
  }

  #withOpeners(profile: OpenProfile): OpenProfile {
    return Object.assign(profile, { openers: openersOf(this.#deps.options) })
  }

  async #lock(profile: OpenProfile): Promise<void> {
    if (!profile.openers.passphrase) {
      throw new AppError(
        'passphrase-required',
        'This profile has no passphrase, so a lock would protect nothing. Choose a passphrase first.',
      )
    }
    // First of all, so that no call begins any more, and nobody reads on while the last of it goes out.
    this.#state = { kind: 'closed', problem: null }
    this.#deps.emit({ event: 'profile.changed', data: this.status() })
    await this.#patiently(this.#deps.tasks.stop())
    await this.#close(profile)
  }

  /** Lets what is being stored and answered end, and what was written last go out, then closes the database and forgets its key, whatever fails on the way. */
  async #close({ messenger, housekeeping, store, key }: OpenProfile): Promise<void> {
    try {
      const { clock } = this.#deps.options
      const isUp = await this.#starting.ended(messenger)
      await this.#patiently(housekeeping.stop())
      await this.#deps.calls.settled()
      if (isUp) await part(messenger, clock)
      await (isUp ? messenger.stop() : within(clock, HUNG_WITHIN_MS, messenger.stop()))
    } catch (thrown) {
      this.#deps.options.logger.error('close-failed', { fault: faultName(thrown) })
    }
    try {
      store.close()
    } finally {
      key.wipe()
    }
  }

  /** Work that was told to end may hang on a disk that does not answer: it is refused the database then, and keeps nobody's profile open. */
  async #patiently(ending: Promise<void>): Promise<void> {
    await within(this.#deps.options.clock, END_WITHIN_MS, ending)
  }

  #demandClosed(): void {
    if (this.#state.kind === 'open') throw new AppError('profile-exists', 'A profile is open already.')
    if (this.#state.kind === 'stopped') throw stopping()
  }

  #demandProfile(): void {
    this.#demandClosed()
    if (readKeyFile(this.#dataDir) === 'absent') throw noProfile()
  }

  #making(): Making {
    const { random, passphraseWorkMs = PASSPHRASE_WORK_MS } = this.#deps.options
    return { random, workMs: passphraseWorkMs }
  }

  #vaultIsSafe(): boolean {
    return this.#deps.options.keyVault?.safe === true
  }

  get #dataDir(): string {
    return this.#deps.options.dataDir
  }
}

const problemOf = (why: AppError | null, repairable = false): Problem => {
  const code = why?.code === 'newer-profile' || why?.code === 'upgrade-failed' ? why.code : 'unreadable'
  return { code, reason: why?.message ?? '', repairable }
}

const noProfile = (): AppError => new AppError('no-profile', 'There is no profile in this folder.')
const stopping = (): AppError => new AppError('stopping', 'SpacePanda is closing.')
