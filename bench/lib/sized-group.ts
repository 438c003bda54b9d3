import { createGroupEngine } from '../../electron/crypto/mls/index.ts'
import type { Committed, GroupEngine, GroupState, KeyPackagePair, Received, SuiteId } from '../../electron/crypto/mls/index.ts'
import { unwrap, wrap } from '../../electron/crypto/mls/state.ts'
import { createLocalIdentity } from '../../electron/identity/index.ts'
import type { LocalIdentity } from '../../electron/identity/index.ts'
import { utf8 } from '../../electron/kernel/bytes.ts'
import { systemClock } from '../../electron/kernel/clock.ts'
import { silentLogger } from '../../electron/kernel/logger.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import type { Result } from '../../electron/kernel/result.ts'
import type { GroupId } from '../../shared/domain/ids.ts'

const NOTHING = new Uint8Array()

/** A group of a certain size as two of its members have it, without anything around the engine. States are values: each can be used again. */
export interface SizedGroup {
  engine: GroupEngine
  groupId: GroupId
  /** The founder's, just after one commit added all others: only leaves have keys. One member less. */
  cold: GroupState
  /** The founder's, after every other member has renewed its keys, and the last one joined. */
  warm: GroupState
  /** The last one's, at the same time. */
  newest: GroupState
  /** What the last one joined with. */
  welcome: Uint8Array
  pair: KeyPackagePair
  /** Of somebody who could be added. */
  stranger: Uint8Array
}

export async function sizedGroup(size: number, suiteId: SuiteId): Promise<SizedGroup> {
  const engine = await createGroupEngine({ clock: systemClock, random: systemRandom, logger: silentLogger, suiteId })
  const groupId = systemRandom.id<GroupId>()
  const someone = (): LocalIdentity => createLocalIdentity(groupId, 'Somebody', systemRandom)
  const [founder, others, last] = [someone(), Array.from({ length: size - 2 }, someone), someone()]
  const offered = async (who: LocalIdentity): Promise<Uint8Array> => (await engine.keyPackage(groupId, who)).publicPackage
  const alone = await engine.create({ groupId, self: founder, settings: utf8('settings of a group, which say little here') })
  const cold = others.length === 0 ? alone : (await commitOf(engine, alone, { add: await Promise.all(others.map(offered)) })).state
  let spoken = cold
  // Each path covers the leaf beside it, so half of them are enough for every node above to get its keys.
  for (let i = 0; i < others.length; i += 2) spoken = (await commitOf(engine, as(spoken, i + 1, others[i] ?? founder), {})).state
  const pair = await engine.keyPackage(groupId, last)
  const { state, welcome } = await commitOf(engine, as(spoken, 0, founder), { add: [pair.publicPackage] })
  const newest = taken(await engine.join(groupId, welcome ?? NOTHING, [pair]))
  return { engine, groupId, cold, warm: state, newest, welcome: welcome ?? NOTHING, pair, stranger: await offered(someone()) }
}

/** A member's state is the epoch's, which all share, and its own leaf. As far as it takes to commit: it could not follow anybody. */
const as = (state: GroupState, leafIndex: number, { leafSecret }: LocalIdentity): GroupState =>
  wrap({
    ...unwrap(state),
    privatePath: { leafIndex, privateKeys: {} },
    signaturePrivateKey: new Uint8Array(leafSecret.reveal()),
  })

export const commitOf = async (
  engine: GroupEngine,
  state: GroupState,
  request: { add?: Uint8Array[]; settings?: Uint8Array },
): Promise<Committed> => taken(await engine.commit(state, { ...request, authenticatedData: NOTHING }))

export async function receivedBy(
  engine: GroupEngine,
  state: GroupState,
  bytes: Uint8Array,
): Promise<Extract<Received, { state: unknown }>> {
  const received = taken(await engine.receive(state, bytes, () => null))
  if (!('state' in received)) throw new Error('not followed')
  return received
}

function taken<T>(result: Result<T, { reason: string; detail: string }>): T {
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.detail}`)
  return result.value
}
