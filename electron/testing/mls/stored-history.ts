import type { Eid } from '../../../shared/domain/ids.ts'
import type { GroupEngine, GroupState } from '../../crypto/mls/index.ts'
import { createLocalIdentity } from '../../identity/index.ts'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Random } from '../../kernel/random.ts'
import type { Store } from '../../ports/store.ts'
import { readParts } from '../../sync/group/epoch-parts.ts'
import { readState, writeFirst, writeMoved, writeNext } from '../../sync/group/epoch-store.ts'
import { NONE, unwrapOk, yes } from './party.ts'
import type { Party } from './party.ts'
import { sameParts } from './parts.ts'

interface Letter {
  eid: Eid
  bytes: Uint8Array
  text: string
}

/** One member as it should be: all it knows is in memory here, and must be the same in its store. */
interface Keeper {
  store: Store
  tip: Eid
  states: Map<Eid, GroupState>
  /** What others sent and it has not read, in no order. */
  inbox: Letter[]
  read: string[]
  expected: string[]
}

const PLANNED = 'the disk is full'

/**
 * A random history of a group whose members store every step: messages that come late and in any order, many at once too,
 * commits, additions, removals, transactions that fail, restarts. After each step what is stored of every epoch must decode to the
 * state in memory, and what was read from storage must go on as that one would.
 */
export class StoredHistory {
  readonly #party: Party
  readonly #engine: GroupEngine
  readonly #random: Random
  readonly #newStore: () => Store
  #keepers: Keeper[] = []
  #sent = 0
  readonly counts = { messages: 0, read: 0, commits: 0, restarts: 0, failures: 0, compared: 0 }

  constructor(party: Party, random: Random, newStore: () => Store) {
    this.#party = party
    this.#engine = party.engine
    this.#random = random
    this.#newStore = newStore
  }

  async begin(): Promise<void> {
    for (const state of this.#party.states) this.#keepers.push(await this.#enter(state))
  }

  async play(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      const dice = this.#random.fraction()
      const keeper = this.#any(this.#keepers)
      if (dice < 0.4) await this.#send(keeper)
      else if (dice < 0.75) await this.#receive(keeper)
      else if (dice < 0.87) await this.#commit(keeper)
      else this.#restart(keeper)
      this.#compare()
    }
    for (const keeper of this.#keepers) while (keeper.inbox.length > 0) await this.#receive(keeper)
    this.#compare()
    for (const { read, expected } of this.#keepers)
      if (read.toSorted().join() !== expected.toSorted().join()) throw new Error('a message was lost or changed')
  }

  close(): void {
    for (const { store } of this.#keepers) store.close()
  }

  async #enter(state: GroupState): Promise<Keeper> {
    const store = this.#newStore()
    const eid = await this.#engine.eid(state)
    const first = { eid, epoch: this.#engine.epoch(state), state }
    store.transaction((tx) => writeFirst(tx, this.#engine, this.#party.groupId, first))
    return { store, tip: eid, states: new Map([[eid, state]]), inbox: [], read: [], expected: [] }
  }

  /** Stores what messages moved, sometimes only at the second attempt. */
  #store({ store, states }: Keeper, eid: Eid, after: GroupState): void {
    const before = stateOf(states, eid)
    const write = (fails: boolean): void =>
      store.transaction((tx) => {
        writeMoved(tx, this.#engine, this.#party.groupId, eid, { before, after })
        if (fails) throw new Error(PLANNED)
      })
    if (this.#random.fraction() < 0.1) {
      this.counts.failures += 1
      attempt(() => write(true))
      this.#compare()
    }
    write(false)
    states.set(eid, after)
  }

  async #send(keeper: Keeper): Promise<void> {
    const text = `message ${++this.#sent}`
    const sent = await this.#engine.encrypt(stateOf(keeper.states, keeper.tip), utf8(text), NONE)
    this.#store(keeper, keeper.tip, sent.state)
    this.counts.messages += 1
    for (const other of this.#keepers) {
      if (other === keeper) continue
      other.inbox.push({ eid: keeper.tip, bytes: sent.message, text })
      other.expected.push(text)
    }
  }

  /** One to four of what waits, in one transaction for each epoch. */
  async #receive(keeper: Keeper): Promise<void> {
    const taken = Array.from({ length: 1 + Math.floor(this.#random.fraction() * 4) }, () => take(keeper.inbox, this.#random.fraction()))
    const moved = new Map<Eid, GroupState>()
    for (const letter of taken) {
      if (letter === undefined) continue
      const state = moved.get(letter.eid) ?? stateOf(keeper.states, letter.eid)
      const received = unwrapOk(await this.#engine.receive(state, letter.bytes, yes))
      if (received.kind !== 'message' || fromUtf8(received.plaintext) !== letter.text) throw new Error('read something else')
      moved.set(letter.eid, received.state)
      keeper.read.push(letter.text)
      this.counts.read += 1
    }
    for (const [eid, state] of moved) this.#store(keeper, eid, state)
    for (const letter of taken) if (letter !== undefined) await this.#isReplay(keeper, letter)
  }

  async #isReplay({ store }: Keeper, { eid, bytes }: Letter): Promise<void> {
    const stored = readState(store, this.#engine, this.#party.groupId, eid)
    const again = stored && (await this.#engine.receive(stored.state, bytes, yes))
    if (again?.ok !== false || again.error.reason !== 'replay') throw new Error('what was read could be read again after a restart')
  }

  async #commit(author: Keeper): Promise<void> {
    const { groupId } = this.#party
    const state = stateOf(author.states, author.tip)
    const size = this.#keepers.length
    const leaving = size > 3 && this.#random.fraction() < 0.3 ? this.#any(this.#keepers.filter((keeper) => keeper !== author)) : null
    const joining = size < 7 && this.#random.fraction() < 0.4 ? createLocalIdentity(groupId, `Newcomer ${this.#sent}`, this.#random) : null
    const pair = joining && (await this.#engine.keyPackage(groupId, joining))
    const made = unwrapOk(
      await this.#engine.commit(state, {
        authenticatedData: NONE,
        add: pair === null ? [] : [pair.publicPackage],
        removeLeaves: leaving === null ? [] : [this.#engine.self(stateOf(leaving.states, leaving.tip)).leafIndex],
      }),
    )
    await this.#follow(author, made.state)
    for (const keeper of this.#keepers) {
      if (keeper === author || keeper === leaving) continue
      const received = unwrapOk(await this.#engine.receive(stateOf(keeper.states, keeper.tip), made.commit, yes))
      if (received.kind !== 'commit') throw new Error('not a commit')
      await this.#follow(keeper, received.state)
    }
    leaving?.store.close()
    this.#keepers = this.#keepers.filter((keeper) => keeper !== leaving)
    if (pair !== null) this.#keepers.push(await this.#enter(unwrapOk(await this.#engine.join(groupId, made.welcome ?? NONE, [pair]))))
    this.counts.commits += 1
  }

  async #follow(keeper: Keeper, state: GroupState): Promise<void> {
    const eid = await this.#engine.eid(state)
    const next = { eid, epoch: this.#engine.epoch(state), state }
    keeper.store.transaction((tx) => writeNext(tx, this.#engine, this.#party.groupId, next, keeper.tip, this.#party.clock.now()))
    keeper.states.set(eid, state)
    keeper.tip = eid
  }

  /** All that is left is what is stored. */
  #restart(keeper: Keeper): void {
    for (const eid of keeper.states.keys()) {
      const stored = readState(keeper.store, this.#engine, this.#party.groupId, eid)
      if (stored === null) throw new Error('an epoch is gone')
      keeper.states.set(eid, stored.state)
    }
    this.counts.restarts += 1
  }

  #compare(): void {
    for (const { store, states } of this.#keepers)
      for (const [eid, state] of states) {
        const parts = readParts(store.mls, this.#party.groupId, eid)
        if (parts === null || !sameParts(parts, this.#engine.encode(state))) throw new Error('what is stored is another state')
        if (!sameParts(parts, this.#engine.encode(this.#engine.decode(parts)))) throw new Error('reading it changed it')
        this.counts.compared += 1
      }
  }

  #any<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.#random.fraction() * list.length)]
    if (found === undefined) throw new Error('nobody')
    return found
  }
}

function stateOf(states: ReadonlyMap<Eid, GroupState>, eid: Eid): GroupState {
  const state = states.get(eid)
  if (state === undefined) throw new Error('an epoch that was never entered')
  return state
}

const take = (inbox: Letter[], fraction: number): Letter | undefined => inbox.splice(Math.floor(fraction * inbox.length), 1)[0]

/** Throws if `work` throws anything but the planned error, or nothing. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message === PLANNED) return
    throw thrown
  }
  throw new Error('a transaction that failed was taken for one that did not')
}
