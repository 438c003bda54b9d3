import type { Profile, ProfileStatus } from '../../shared/domain/models.ts'
import type { Api } from '../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { AppError } from '../kernel/errors.ts'
import { faultName } from '../kernel/logger.ts'
import { Emitter } from '../kernel/emitter.ts'
import { Serial } from '../kernel/serial.ts'
import { createKeyFile, readKeyFile, unlock } from '../storage/key-file/key-file.ts'
import { createApi } from './api/index.ts'
import { profileView } from './api/context.ts'
import type { OpenProfile } from './api/context.ts'
import { serveControl } from './control/control-server.ts'
import type { ControlServer } from './control/control-server.ts'
import type { NodeHandle, NodeOptions } from './node-handle.ts'
import { openProfile } from './open-profile.ts'

type State = { kind: 'closed' } | { kind: 'open'; profile: OpenProfile } | { kind: 'stopped' }

/** A node over a profile folder. It answers at once; a profile opens when asked to, or by itself where the keyring suffices. */
export async function createNode(options: NodeOptions): Promise<NodeHandle> {
  const node = new Node(options)
  await node.openWithKeyring()
  return node
}

class Node implements NodeHandle {
  readonly api: Api
  readonly #options: NodeOptions
  readonly #events: Emitter<{ event: NodeEvent }>
  readonly #serial = new Serial()
  #state: State = { kind: 'closed' }
  #control: ControlServer | null = null
  #unreadable: string | null = null

  constructor(options: NodeOptions) {
    this.#options = options
    this.#events = new Emitter((thrown) => options.logger.error('listener-failed', { fault: faultName(thrown) }))
    const context = { open: () => this.#open(), emit: (event: NodeEvent) => this.#emit(event) }
    this.api = createApi(context, {
      'profile.status': () => Promise.resolve(this.#status()),
      'profile.create': ({ name, passphrase }) => this.#serial.run(() => this.#create(name, passphrase)),
      'profile.unlock': ({ passphrase }) => this.#serial.run(() => this.#unlock(passphrase)),
    })
  }

  on(listener: (event: NodeEvent) => void): () => void {
    return this.#events.on('event', listener)
  }

  stop(): Promise<void> {
    return this.#serial.run(async () => {
      const state = this.#state
      this.#state = { kind: 'stopped' }
      await this.#control?.stop()
      if (state.kind !== 'open') return
      try {
        await state.profile.messenger.stop()
      } finally {
        state.profile.messenger.deps.store.close()
      }
    })
  }

  /** Where the system's keyring holds the key, nobody needs to be asked for anything. */
  async openWithKeyring(): Promise<void> {
    const status = readKeyFile(this.#options.dataDir)
    if (typeof status === 'string' || status.passphrase || !this.#vaultIsSafe()) return
    try {
      await this.#serial.run(() => this.#unlock(null))
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code === 'in-use') throw thrown
      this.#unreadable = thrown.message
      this.#options.logger.error('keyring-unlock-failed', { code: thrown.code })
    }
  }

  #vaultIsSafe(): boolean {
    return this.#options.keyVault?.safe === true
  }

  #status(): ProfileStatus {
    if (this.#state.kind === 'open') return { kind: 'open', profile: profileView(this.#state.profile) }
    const status = readKeyFile(this.#options.dataDir)
    if (status === 'absent') return { kind: 'none', passphraseRequired: !this.#vaultIsSafe() }
    if (status === 'damaged')
      return { kind: 'unreadable', reason: 'The key file of this profile is missing or damaged. Nothing was changed.', repairable: false }
    if (this.#unreadable !== null) return { kind: 'unreadable', reason: this.#unreadable, repairable: false }
    return { kind: 'locked', passphrase: status.passphrase, recovery: false }
  }

  async #create(name: string, passphrase: string | null): Promise<Profile> {
    this.#demandClosed()
    const { dataDir, keyVault, random } = this.#options
    const key = await createKeyFile(dataDir, { passphrase, vault: keyVault }, random)
    return this.#opened(await openProfile(this.#options, key, { passphrase: passphrase !== null, name, emit: (e) => this.#emit(e) }))
  }

  async #unlock(passphrase: string | null): Promise<Profile> {
    if (this.#state.kind === 'open') return profileView(this.#state.profile)
    this.#demandClosed()
    const { dataDir, keyVault } = this.#options
    const key = await unlock(dataDir, { passphrase, vault: keyVault })
    const status = readKeyFile(dataDir)
    const byPassphrase = typeof status !== 'string' && status.passphrase
    return this.#opened(await openProfile(this.#options, key, { passphrase: byPassphrase, name: null, emit: (e) => this.#emit(e) }))
  }

  async #opened(profile: OpenProfile): Promise<Profile> {
    this.#state = { kind: 'open', profile }
    this.#control = await serveControl(this, this.#options.dataDir, this.#options.logger.child('control'))
    await profile.messenger.start()
    const view = profileView(profile)
    this.#emit({ event: 'profile.changed', data: { kind: 'open', profile: view } })
    return view
  }

  #demandClosed(): void {
    if (this.#state.kind === 'open') throw new AppError('profile-exists', 'A profile is open already.')
    if (this.#state.kind === 'stopped') throw new AppError('stopping', 'SpacePanda is closing.')
  }

  #open(): OpenProfile {
    if (this.#state.kind === 'open') return this.#state.profile
    if (this.#state.kind === 'stopped') throw new AppError('stopping', 'SpacePanda is closing.')
    if (readKeyFile(this.#options.dataDir) === 'absent') throw new AppError('no-profile', 'There is no profile in this folder.')
    throw new AppError('locked', 'The profile is locked.')
  }

  #emit(event: NodeEvent): void {
    this.#events.emit('event', event)
  }
}
