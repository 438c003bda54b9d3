import type { GroupId, MemberId, MessageId, PeerId } from '../../../../shared/domain/ids.ts'
import type { Api } from '../../../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../../../shared/ipc/events.ts'
import { createGroupEngine } from '../../../crypto/mls/index.ts'
import type { GroupEngine, SuiteId } from '../../../crypto/mls/index.ts'
import { toHex } from '../../../kernel/bytes.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { LogFields, Logger } from '../../../kernel/logger.ts'
import { silentLogger } from '../../../kernel/logger.ts'
import type { Random } from '../../../kernel/random.ts'
import { Messenger } from '../../../node/messenger.ts'
import { readProfile, writeNewProfile } from '../../../node/profile/profile-record.ts'
import type { GroupRow, Store } from '../../../ports/store.ts'
import type { KeyPace } from '../../../sync/updates/pace.ts'
import { readEnded } from '../../../sync/members/ended.ts'
import { hasLeaveOffer } from '../../../sync/members/leave-offer.ts'
import { publicKeyOf } from '../../../network/create-network.ts'
import type { PeerAddress } from '../../../ports/wire.ts'
import { apiOf } from '../../fixtures/town.ts'
import type { Fabric } from '../network/fabric.ts'
import { SimNetwork } from '../network/sim-network.ts'
import type { Tamper } from '../network/tamper.ts'
import { nodeClock } from '../schedule.ts'
import type { Schedule } from '../schedule.ts'
import type { Trace } from '../trace.ts'
import { Crash, Life, storeOfLife } from './crash.ts'
import { worldEngine } from './world-engine.ts'

/** What a node's process is made of anew each time it starts. */
interface Running {
  life: Life
  network: SimNetwork
  messenger: Messenger
  api: Api
}

/** A store that outlives processes. `reopen` is what a process that starts does with it. */
export interface DurableStore extends Store {
  reopen(): void
}

export interface SimNodeDeps {
  name: string
  peerId: PeerId
  hostile: boolean
  skewMs: number
  suiteId: SuiteId
  random: Random
  /** As a process that starts now is to have it. */
  keyPace: () => KeyPace | undefined
  store: DurableStore
  schedule: Schedule
  fabric: Fabric
  trace: Trace
  /** Those that everybody uses. */
  mailboxes: readonly PeerAddress[]
  heard: (node: SimNode, event: NodeEvent) => void
  died: (node: SimNode) => void
  /** Something failed that must not. */
  fault: (node: SimNode, what: string) => void
}

/** One person with one device: a real messenger over a store that lasts, started, killed and started again. */
export class SimNode {
  readonly name: string
  readonly peerId: PeerId
  readonly hostile: boolean
  /** What is durable, as seen from outside: good also while no process runs. */
  readonly store: DurableStore
  readonly random: Random
  readonly deps: SimNodeDeps
  /** What a hostile member does to what its messenger says. */
  tamper: Tamper | null = null
  /** Calls of the API that have not come back. */
  readonly calling = new Set<string>()
  readonly received = { received: 0 }
  keysRenewed = 0
  /** How often it found that the others are where it cannot follow. */
  wentAstray = 0
  /** The keys of the leaves it had before it was invited again, in hexadecimal. */
  readonly leavesBefore = new Set<string>()
  /** Its person asked to leave, whether or not the process came to that. */
  leaves = false
  #engine: GroupEngine | null = null
  #running: Running | null = null
  #lives = 0
  #member: MemberId | null = null

  constructor(deps: SimNodeDeps) {
    this.deps = deps
    this.name = deps.name
    this.peerId = deps.peerId
    this.hostile = deps.hostile
    this.store = deps.store
    this.random = deps.random
  }

  get up(): boolean {
    return this.#running?.life.alive === true
  }

  get now(): Running {
    if (this.#running?.life.alive !== true) throw new Error(`${this.name} is not running`)
    return this.#running
  }

  get engine(): GroupEngine {
    if (this.#engine === null) throw new Error(`${this.name} was never started`)
    return this.#engine
  }

  get lives(): number {
    return this.#lives
  }

  /** The group it is in, as it is stored; null before it joined, and once it left or was removed. There is one group in a world. */
  group(groupId: GroupId): GroupRow | null {
    return readEnded(this.store, groupId) === null ? this.store.groups.get(groupId) : null
  }

  /** In the group, and does not want to leave it: what a person can still speak in. */
  takesPart(groupId: GroupId): boolean {
    return this.group(groupId) !== null && !hasLeaveOffer(this.store, groupId)
  }

  /** Who it is in the group; also once it is in it no more, as far as somebody asked before. */
  member(groupId: GroupId): MemberId | null {
    this.#member ??= this.store.groups.get(groupId)?.selfMemberId ?? null
    return this.#member
  }

  /** The key of everybody's leaf where it is, in hexadecimal. */
  leavesOf(groupId: GroupId): Map<MemberId, string> {
    const { tip } = this.now.messenger.group(groupId)
    const keyOf = (leafIndex: number): string => toHex(this.engine.leafKey(tip.state, leafIndex) ?? new Uint8Array())
    return new Map(this.engine.members(tip.state).map(({ memberId, leafIndex }) => [memberId, keyOf(leafIndex)]))
  }

  has(messageId: MessageId): boolean {
    return this.store.messages.get(messageId) !== null
  }

  async start(): Promise<void> {
    const { name, peerId, random, keyPace, schedule, fabric, suiteId, skewMs, trace, heard, died, fault, mailboxes } = this.deps
    const life = new Life(++this.#lives, () => {
      this.calling.clear()
      trace.write(`${name}  dies`)
      if (running.network !== undefined) fabric.lost(running.network)
      died(this)
    })
    const running: Partial<Running> = { life }
    this.store.reopen()
    const clock: Clock = nodeClock(schedule, skewMs, () => life.alive)
    const logger = loggerOf(
      (text) => {
        trace.write(`${name}    (${text})`)
        if (text.startsWith('keys-renewed')) this.keysRenewed += 1
        if (text.startsWith('group-apart')) this.wentAstray += 1
      },
      (text) => life.alive && fault(this, text),
    )
    this.#engine ??= worldEngine(
      await createGroupEngine({ clock: nodeClock(schedule, skewMs, () => true), random, logger: silentLogger, suiteId }),
      this.received,
    )
    const store = storeOfLife(this.store, life)
    const emit = (event: NodeEvent): void => {
      if (life.alive) heard(this, event)
    }
    const unexpected = (thrown: unknown): void => {
      if (!(thrown instanceof Crash) && life.alive) fault(this, `threw ${String(thrown)}`)
    }
    try {
      const record = readProfile(store) ?? writeNewProfile(store, name, random)
      const messenger = await Messenger.open({
        ...{ store, engine: this.#engine, clock, random, emit, logger, keyPace: keyPace() },
        ...(mailboxes.length > 0 && { mailboxes: { mailboxesOf: () => mailboxes, publicKeyOf } }),
        createNetwork: async (handlers) => {
          const tamper = (): Tamper | null => this.tamper
          const network = new SimNetwork({
            ...{ fabric, handlers, localPeer: peerId, name, random, tamper, fault: unexpected },
            alive: () => life.alive,
          })
          running.network = network
          return { network, started: () => undefined }
        },
      })
      if (running.network === undefined) throw new Error('a messenger makes its network')
      this.#running = { life, network: running.network, messenger, api: apiOf({ messenger, record, store }, clock, emit) }
      await messenger.start()
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown
    }
  }

  /** The process ends at once, without a word. */
  kill(): void {
    this.#running?.life.end()
  }

  /** The process ends as a person ends it. */
  async quit(): Promise<void> {
    const { messenger, life } = this.now
    await messenger.stop()
    life.end()
  }
}

function loggerOf(say: (text: string) => void, fail: (text: string) => void): Logger {
  const words = (event: string, fields: LogFields = {}): string =>
    [event, ...Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`)].join(' ')
  const logger: Logger = {
    debug: () => undefined,
    info: (event, fields) => say(words(event, fields)),
    warn: (event, fields) => say(words(event, fields)),
    error: (event, fields) => fail(words(event, fields)),
    child: () => logger,
  }
  return logger
}
