import { createGroupEngine, X25519_SUITE } from '../../crypto/mls/index.ts'
import type { Authorise, CommitRequest, Committed, GroupEngine, GroupState, Received, SuiteId } from '../../crypto/mls/index.ts'
import { createLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/index.ts'
import { utf8 } from '../../kernel/bytes.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { Result } from '../../kernel/result.ts'
import type { GroupId } from '../../../shared/domain/ids.ts'
import { handClock, NOON, seededRandom } from './seeded.ts'

export const NONE = new Uint8Array()
export const yes: Authorise = () => null

export function unwrapOk<T>(result: Result<T, { reason: string; detail: string }>): T {
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.detail}`)
  return result.value
}

export interface Party {
  engine: GroupEngine
  clock: ReturnType<typeof handClock>
  random: Random
  groupId: GroupId
  identities: LocalIdentity[]
  states: GroupState[]
}

/** A group whose first member added all others in one commit; `states[i]` and `identities[i]` are at leaf i. */
export async function gather(names: readonly string[], suiteId: SuiteId = X25519_SUITE): Promise<Party> {
  const random = seededRandom(names.join())
  const clock = handClock(NOON)
  const engine = await createGroupEngine({ clock, random, logger: silentLogger, suiteId })
  const groupId = random.id<GroupId>()
  const identities = names.map((name) => createLocalIdentity(groupId, name, random))
  const [founder, ...others] = identities
  if (founder === undefined) throw new Error('nobody')
  const alone = await engine.create({ groupId, self: founder, settings: utf8('settings 0') })
  if (others.length === 0) return { engine, clock, random, groupId, identities, states: [alone] }
  const pairs = await Promise.all(others.map((other) => engine.keyPackage(groupId, other)))
  const made = unwrapOk(await engine.commit(alone, { add: pairs.map((pair) => pair.publicPackage), authenticatedData: NONE }))
  const states = [made.state]
  for (const pair of pairs) states.push(unwrapOk(await engine.join(groupId, made.welcome ?? NONE, [pair])))
  return { engine, clock, random, groupId, identities, states }
}

export const stateOf = (party: Party, index: number): GroupState => {
  const state = party.states[index]
  if (state === undefined) throw new Error('no such member')
  return state
}

export const commitBy = async (party: Party, index: number, request: Omit<CommitRequest, 'authenticatedData'>): Promise<Committed> =>
  unwrapOk(await party.engine.commit(stateOf(party, index), { authenticatedData: NONE, ...request }))

/** The reason it was rejected for, or what it was taken for. */
export async function outcome(received: Promise<Result<Received, { reason: string }>>): Promise<string> {
  const result = await received
  return result.ok ? result.value.kind : result.error.reason
}
