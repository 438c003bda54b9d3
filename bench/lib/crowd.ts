import { join } from 'node:path'
import { createGroupEngine } from '../../electron/crypto/mls/index.ts'
import type { GroupEngine, GroupState } from '../../electron/crypto/mls/index.ts'
import { unwrap, wrap } from '../../electron/crypto/mls/state.ts'
import { createLocalIdentity, encodeLocalIdentity } from '../../electron/identity/index.ts'
import type { LocalIdentity } from '../../electron/identity/index.ts'
import { systemClock } from '../../electron/kernel/clock.ts'
import { fromHex } from '../../electron/kernel/bytes.ts'
import { silentLogger } from '../../electron/kernel/logger.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import type { WireObject } from '../../electron/ports/wire.ts'
import { encodeContent } from '../../electron/sync/content/mimi-content.ts'
import { commitChange } from '../../electron/sync/group/change-group.ts'
import { writeFirst, writeMoved } from '../../electron/sync/group/epoch-store.ts'
import { enterGroup } from '../../electron/sync/group/found-group.ts'
import type { GroupDeps } from '../../electron/sync/group/group-deps.ts'
import type { LiveGroup } from '../../electron/sync/group/live-group.ts'
import { receiveObjects } from '../../electron/sync/group/receive/receive-objects.ts'
import { newChannelId } from '../../electron/sync/policy/channel-id.ts'
import { withChannel } from '../../electron/sync/policy/transitions.ts'
import type { ChannelId, GroupId } from '../../shared/domain/ids.ts'
import { TEXT } from './sample-message.ts'
import { gather } from './timed-group.ts'
import { watchedStore } from './written.ts'
import type { WatchedStore, Written } from './written.ts'

const quiet = () => undefined
const events: GroupDeps['events'] = {
  messageAdded: quiet,
  deliveryChanged: quiet,
  epochChanged: quiet,
  objectStored: quiet,
  contested: quiet,
  intentFailed: quiet,
  outdated: quiet,
  ended: quiet,
  back: quiet,
}

interface Member {
  group: LiveGroup
  store: WatchedStore
}

/** One member of a large group, and what all others would have sent it. */
export class Crowd {
  readonly engine: GroupEngine
  readonly #channelId: ChannelId
  readonly #talking: Member
  readonly #changing: Member
  /** Holds MLS state and nothing else, and is told of it apart. */
  readonly #bare: { store: WatchedStore; state: GroupState }
  readonly #speakers: GroupState[]
  readonly #spoken: number[]
  #next = 0

  /** A group of `size` members (X-Wing) in which all have spoken. Its databases lie in `folder`, which is made. */
  static async gather(folder: string, size: number): Promise<Crowd> {
    const random = systemRandom
    const engine = await createGroupEngine({ clock: systemClock, random, logger: silentLogger })
    const groupId = random.id<GroupId>()
    const channelId = newChannelId(groupId, random)
    const everyone = Array.from({ length: size }, (_, n) => createLocalIdentity(groupId, `Member ${n}`, random))
    const { founder } = await gather(engine, groupId, everyone, channelId)
    const [self] = everyone
    if (self === undefined) throw new Error('nobody')
    const talking = await enter(join(folder, 'talking'), engine, founder, self)
    const changing = await enter(join(folder, 'changing'), engine, founder, self)
    const bare = { store: await watchedStore(join(folder, 'bare')), state: founder }
    const { tip: eid, epoch } = talking.group.tip.row
    bare.store.transaction((tx) => writeFirst(tx, engine, groupId, { eid, epoch, state: founder }))
    const crowd = new Crowd(engine, channelId, { talking, changing, bare }, speakers(founder, everyone))
    await crowd.#everyoneSpeaks()
    crowd.moveAlone()
    return crowd
  }

  private constructor(
    engine: GroupEngine,
    channelId: ChannelId,
    here: { talking: Member; changing: Member; bare: { store: WatchedStore; state: GroupState } },
    others: GroupState[],
  ) {
    this.engine = engine
    this.#channelId = channelId
    this.#talking = here.talking
    this.#changing = here.changing
    this.#bare = here.bare
    this.#speakers = others
    this.#spoken = others.map(() => 0)
  }

  /** The state of the member that is here. */
  get state(): GroupState {
    return this.#talking.group.tip.state
  }

  /** What one message from the next of the others writes here. */
  async receive(): Promise<Written> {
    const { group, store } = this.#talking
    const object = await this.#fromNext()
    store.take()
    await take(group, [object])
    return store.take()
  }

  /** What it writes to store the state by itself, of all messages since the last time. */
  moveAlone(): Written {
    const { store, state } = this.#bare
    const { groupId, tip } = this.#talking.group
    store.take()
    store.transaction((tx) => writeMoved(tx, this.engine, groupId, tip.row.tip, { before: state, after: tip.state }))
    this.#bare.state = tip.state
    return store.take()
  }

  /** What one message of ours writes here. */
  async send(): Promise<Written> {
    const { group, store } = this.#talking
    store.take()
    await group.send(this.#channelId, TEXT, null)
    return store.take()
  }

  /** What a change of the group writes here: a channel more. */
  async change(): Promise<Written> {
    const { group, store } = this.#changing
    store.take()
    const channel = { channelId: newChannelId(group.groupId, systemRandom), name: `another ${this.#next}`, kind: 'open' } as const
    await group.exclusive(() => commitChange(group, withChannel(group.tip.settings, channel), [], quiet))
    return store.take()
  }

  close(): void {
    this.#talking.store.close()
    this.#changing.store.close()
    this.#bare.store.close()
  }

  async #everyoneSpeaks(): Promise<void> {
    const objects: WireObject[] = []
    for (let i = 0; i < this.#speakers.length; i++) objects.push(await this.#fromNext())
    const { group } = this.#talking
    for (let at = 0; at < objects.length; at += 64) await take(group, objects.slice(at, at + 64))
    await group.send(this.#channelId, TEXT, null)
  }

  async #fromNext(): Promise<WireObject> {
    const index = this.#next++ % this.#speakers.length
    const speaker = this.#speakers[index]
    if (speaker === undefined) throw new Error('nobody else')
    const seq = (this.#spoken[index] = (this.#spoken[index] ?? 0) + 1)
    const now = systemClock.now()
    const content = encodeContent({
      salt: systemRandom.bytes(16),
      inReplyTo: null,
      topicId: fromHex(this.#channelId),
      extensions: { seq, prev: null, lamport: now, sentAt: now },
      text: TEXT,
    })
    const { state, message } = await this.engine.encrypt(speaker, content, new Uint8Array())
    this.#speakers[index] = state
    return { eid: this.#talking.group.tip.row.tip, bytes: message }
  }
}

async function take(group: LiveGroup, objects: readonly WireObject[]): Promise<void> {
  const acks = await receiveObjects(group, objects)
  const refused = acks.find((ack) => ack !== 'stored')
  if (refused !== undefined) throw new Error(`not taken: ${refused}`)
}

/**
 * All but the founder, as far as it takes to speak: joining hundreds of times would take minutes. Members of an epoch differ in
 * their leaf and its key only; they could not follow a commit.
 */
const speakers = (founder: GroupState, everyone: readonly LocalIdentity[]): GroupState[] =>
  everyone.slice(1).map(({ leafSecret }, i) =>
    wrap({
      ...unwrap(founder),
      privatePath: { leafIndex: i + 1, privateKeys: {} },
      signaturePrivateKey: new Uint8Array(leafSecret.reveal()),
    }),
  )

async function enter(dir: string, engine: GroupEngine, state: GroupState, identity: LocalIdentity) {
  const store = await watchedStore(dir)
  const deps: GroupDeps = { engine, store, clock: systemClock, random: systemRandom, logger: silentLogger, events }
  return { group: await enterGroup(deps, state, encodeLocalIdentity(identity), quiet), store }
}
