import { createGroupEngine } from '../../crypto/mls/index.ts'
import type { GroupEngine, GroupState, KeyPackagePair, SuiteId } from '../../crypto/mls/index.ts'
import { createLocalIdentity } from '../../identity/index.ts'
import type { LocalIdentity } from '../../identity/index.ts'
import { equalBytes, fromUtf8, toHex, utf8 } from '../../kernel/bytes.ts'
import { silentLogger } from '../../kernel/logger.ts'
import type { Random } from '../../kernel/random.ts'
import type { GroupId } from '../../../shared/domain/ids.ts'
import type { HistorySubject } from './history.ts'
import { sameParts, wipe } from './parts.ts'
import { handClock, NOON } from './seeded.ts'

export interface Newcomer {
  identity: LocalIdentity
  pair: KeyPackagePair
}

const NONE = new Uint8Array()

/** Runs `work` and throws if the state it was given is not what it was before. */
async function untouched<T>(engine: GroupEngine, state: GroupState, work: () => Promise<T>): Promise<T> {
  const before = engine.encode(state)
  const result = await work()
  if (!sameParts(before, engine.encode(state))) throw new Error('an operation changed its input')
  return result
}

/** A history played against our engine, which must also leave every input as it was and survive being stored at every step. */
export async function engineSubject(random: Random, suiteId: SuiteId): Promise<HistorySubject<GroupState, Newcomer>> {
  const engine = await createGroupEngine({ clock: handClock(NOON), random, logger: silentLogger, suiteId })
  const groupId = random.id<GroupId>()
  return {
    async newcomer(number) {
      const identity = createLocalIdentity(groupId, `Member ${number}`, random)
      return { identity, pair: await engine.keyPackage(groupId, identity) }
    },
    found: ({ identity }) => engine.create({ groupId, self: identity, settings: utf8('founded') }),
    commit: (state, { add, removeLeaves, settings }) =>
      untouched(engine, state, async () => {
        const made = await engine.commit(state, {
          add: add.map(({ pair }) => pair.publicPackage),
          removeLeaves,
          ...(settings === null ? {} : { settings }),
          authenticatedData: NONE,
        })
        if (!made.ok) throw new Error(`commit ${made.error.reason}: ${made.error.detail}`)
        if (settings !== null && !equalBytes(engine.settings(made.value.state), settings)) throw new Error('settings were not set')
        return made.value
      }),
    async join({ identity, pair }, welcome) {
      const joined = await engine.join(groupId, welcome, [pair])
      if (!joined.ok) throw new Error(`join ${joined.error.reason}: ${joined.error.detail}`)
      if (engine.self(joined.value).deviceId !== identity.deviceId) throw new Error('joined as someone else')
      return joined.value
    },
    follow: (state, commit) =>
      untouched(engine, state, async () => {
        const received = await engine.receive(state, commit, () => null)
        if (!received.ok) throw new Error(`follow ${received.error.reason}: ${received.error.detail}`)
        const { value } = received
        if (value.kind === 'message' || value.kind === 'own-commit') throw new Error(`a commit was taken for: ${value.kind}`)
        return value.kind === 'removed' ? null : value.state
      }),
    send: (state, text) => untouched(engine, state, () => engine.encrypt(state, utf8(text), NONE)),
    read: (state, message) =>
      untouched(engine, state, async () => {
        const received = await engine.receive(state, message, () => 'not asked for')
        if (!received.ok) throw new Error(`read ${received.error.reason}: ${received.error.detail}`)
        if (received.value.kind !== 'message') throw new Error('a message was taken for a commit')
        const { state: next, plaintext, sender } = received.value
        return { state: next, text: fromUtf8(plaintext), senderLeaf: sender.leafIndex }
      }),
    tip: async (state) => `${await engine.eid(state)}/${toHex(engine.settings(state))}`,
    leafIndex: (state) => engine.self(state).leafIndex,
    occupied: (state) => engine.members(state).map((member) => member.leafIndex),
    restore(state) {
      const encoded = engine.encode(state)
      const restored = engine.decode(encoded)
      // what was decoded must not depend on the bytes it came from
      const again = engine.encode(restored)
      if (!sameParts(encoded, again)) throw new Error('storing changed a state')
      wipe(encoded)
      if (!sameParts(again, engine.encode(restored))) throw new Error('a state shares memory with its stored form')
      return restored
    },
  }
}
