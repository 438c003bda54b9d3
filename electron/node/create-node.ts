import type { Api } from '../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { Emitter } from '../kernel/emitter.ts'
import { faultName } from '../kernel/logger.ts'
import { releaseWebRTC } from '../network/libp2p/webrtc.ts'
import { finishRestore } from '../storage/backup/staging.ts'
import { sweepScratch } from '../storage/backup/verify-backup.ts'
import { CallsInFlight } from './api/calls-in-flight.ts'
import type { ApiContext } from './api/context.ts'
import { createApi } from './api/index.ts'
import { serveControl } from './control/control-server.ts'
import type { ControlServer } from './control/control-server.ts'
import type { NodeHandle, NodeOptions } from './node-handle.ts'
import { ProfileKeeper } from './profile/profile-keeper.ts'
import { Tasks } from './tasks.ts'

/** A node over a profile folder. It answers at once; a profile opens when asked to, or by itself where the keyring suffices. */
export async function createNode(options: NodeOptions): Promise<NodeHandle> {
  tidyUp(options)
  const node = new Node(options)
  const opening = node.keeper.openWithKeyring()
  if (options.early !== true) await opening
  else {
    await Promise.race([opening, node.opened])
    opening.catch((thrown: unknown) => options.logger.error('not-all-started', { fault: faultName(thrown) }))
  }
  return node
}

/** What a crash interrupted. Where it cannot be finished now it is the next time. */
function tidyUp({ dataDir, clock, logger }: NodeOptions): void {
  try {
    finishRestore(dataDir)
  } catch (thrown) {
    logger.error('restore-not-finished', { fault: faultName(thrown) })
  }
  void sweepScratch(dataDir, clock.now())
}

class Node implements NodeHandle {
  readonly api: Api
  readonly keeper: ProfileKeeper
  readonly #options: NodeOptions
  readonly #events: Emitter<{ event: NodeEvent }>
  readonly #opened = Promise.withResolvers<null>()
  #control: Promise<ControlServer | null> | null = null

  constructor(options: NodeOptions) {
    this.#options = options
    this.#events = new Emitter((thrown) => options.logger.error('listener-failed', { fault: faultName(thrown) }))
    const emit = (event: NodeEvent): void => this.#events.emit('event', event)
    const tasks = new Tasks({ clock: options.clock, random: options.random, logger: options.logger.child('tasks'), emit })
    const calls = new CallsInFlight(options.clock)
    const keeper = new ProfileKeeper({ options, tasks, calls, emit, onOpened: () => this.#serve() })
    const context: ApiContext = {
      open: () => keeper.open(),
      opened: () => keeper.opened,
      whileClosed: (control, work) => keeper.whileClosed(control, work),
      emit,
      tasks,
      options,
    }
    this.keeper = keeper
    this.api = createApi(context, keeper, calls)
  }

  /** Resolves when a profile is open for the first time. */
  get opened(): Promise<unknown> {
    return this.#opened.promise
  }

  on(listener: (event: NodeEvent) => void): () => void {
    return this.#events.on('event', listener)
  }

  sleeps(): Promise<void> {
    return this.keeper.sleeps()
  }

  async stop(): Promise<void> {
    try {
      await this.keeper.stop()
    } finally {
      await (await this.#control)?.stop()
    }
  }

  release(): Promise<void> {
    return releaseWebRTC(this.#options.logger)
  }

  /**
   * From the first time a profile is open until the node stops, so that commands learn of a locked profile what to do
   * about it. Not before: only who holds the database may answer for the folder.
   */
  async #serve(): Promise<void> {
    this.#control ??= serveControl(this, this.#options.dataDir, this.#options.logger.child('control'))
    await this.#control
    this.#opened.resolve(null)
  }
}
