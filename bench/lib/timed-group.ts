import { join } from 'node:path'
import type { ChannelId, GroupId } from '../../shared/domain/ids.ts'
import { createGroupEngine } from '../../electron/crypto/mls/index.ts'
import type { GroupEngine, GroupState } from '../../electron/crypto/mls/index.ts'
import { createLocalIdentity, encodeLocalIdentity } from '../../electron/identity/index.ts'
import type { LocalIdentity } from '../../electron/identity/index.ts'
import { systemClock } from '../../electron/kernel/clock.ts'
import { createLogger } from '../../electron/kernel/logger.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import type { Store } from '../../electron/ports/store.ts'
import { enterGroup } from '../../electron/sync/group/found-group.ts'
import type { GroupDeps } from '../../electron/sync/group/group-deps.ts'
import type { LiveGroup } from '../../electron/sync/group/live-group.ts'
import { newChannelId } from '../../electron/sync/policy/channel-id.ts'
import { encodeSettings } from '../../electron/sync/policy/settings.ts'
import { newStore } from './durable-row.ts'
import type { Stopwatch } from './stopwatch.ts'

/** Where the time of a message goes, as far as this side can see. */
export type Part = 'read' | 'encrypt' | 'decrypt' | 'encode' | 'write' | 'commit'

/** Two members of one group, each with the real engine and the real database, both watched; nothing between them. */
export interface TimedGroup {
  alice: { group: LiveGroup; store: Store }
  bob: { group: LiveGroup; store: Store }
  channelId: ChannelId
  close(): void
}

const logger = createLogger('error')
const NOTHING = new Uint8Array()

/** A group of `size` members (X-Wing), of whom two are here. Its databases lie in `folder`, which is made. */
export async function timedGroup(folder: string, size: number, watch: Stopwatch<Part>): Promise<TimedGroup> {
  const random = systemRandom
  const engine = await createGroupEngine({ clock: systemClock, random, logger })
  const groupId = random.id<GroupId>()
  const channelId = newChannelId(groupId, random)
  const everyone = Array.from({ length: size }, (_, n) => createLocalIdentity(groupId, `Member ${n}`, random))
  const [aliceIs, bobIs] = everyone
  if (aliceIs === undefined || bobIs === undefined) throw new Error('a conversation takes two')
  const { founder, guest } = await gather(engine, groupId, everyone, channelId)
  const alice = await enter(join(folder, 'alice'), engine, founder, aliceIs, watch)
  const bob = await enter(join(folder, 'bob'), engine, guest, bobIs, watch)
  const close = (): void => {
    alice.store.close()
    bob.store.close()
  }
  return { alice, bob, channelId, close }
}

/** The states of the first two of a group in which the first added all others. */
export async function gather(engine: GroupEngine, groupId: GroupId, everyone: readonly LocalIdentity[], channelId: ChannelId) {
  const [self, ...others] = everyone
  if (self === undefined) throw new Error('nobody')
  const settings = encodeSettings({
    name: 'Bench',
    createdAt: systemClock.now(),
    earlierKeys: [],
    presenceKey: systemRandom.bytes(32),
    channels: [{ channelId, name: 'general', kind: 'open' }],
    roles: new Map(everyone.map(({ memberId }, n) => [memberId, n === 0 ? 'owner' : 'member'])),
    invitations: [],
    admission: null,
    kind: 'space',
    history: { kind: 'none' },
  })
  const alone = await engine.create({ groupId, self, settings })
  const pairs = await Promise.all(others.map((other) => engine.keyPackage(groupId, other)))
  const made = await engine.commit(alone, { add: pairs.map((pair) => pair.publicPackage), authenticatedData: NOTHING })
  const joined = made.ok ? await engine.join(groupId, made.value.welcome ?? NOTHING, pairs.slice(0, 1)) : made
  if (!made.ok || !joined.ok) throw new Error('the group could not be made')
  return { founder: made.value.state, guest: joined.value }
}

async function enter(dataDir: string, engine: GroupEngine, state: GroupState, identity: LocalIdentity, watch: Stopwatch<Part>) {
  const store = await newStore(dataDir)
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
  const deps: GroupDeps = {
    engine: watchEngine(engine, watch),
    store: watchStore(store, watch),
    clock: systemClock,
    random: systemRandom,
    logger,
    events,
  }
  return { group: await enterGroup(deps, state, encodeLocalIdentity(identity), quiet), store }
}

const watchEngine = (engine: GroupEngine, watch: Stopwatch<Part>): GroupEngine => ({
  ...engine,
  encrypt: (...args) => watch.timeAsync('encrypt', () => engine.encrypt(...args)),
  receive: (...args) => watch.timeAsync('decrypt', () => engine.receive(...args)),
  encode: (...args) => watch.time('encode', () => engine.encode(...args)),
  moved: (...args) => watch.time('encode', () => engine.moved(...args)),
})

/** What happens between the last write of a transaction and its return is the commit, which waits for the disk. */
const watchStore = (store: Store, watch: Stopwatch<Part>): Store => ({
  ...store,
  mls: { ...store.mls, epoch: (...args) => watch.time('read', () => store.mls.epoch(...args)) },
  transaction: (work) => {
    const started = performance.now()
    let writing = 0
    const value = store.transaction((tx) => {
      const begun = performance.now()
      const encoded = watch.spent('encode')
      const result = work(tx)
      writing = performance.now() - begun
      // What is encoded in there is told apart.
      watch.add('write', writing - (watch.spent('encode') - encoded))
      return result
    })
    watch.add('commit', performance.now() - started - writing)
    return value
  },
})
