import type { Random } from '../../kernel/random.ts'

/** What a history is played against: the engine, or the library by itself. `S` is one member's state, `N` someone not yet in. */
export interface HistorySubject<S, N> {
  newcomer(number: number): Promise<N>
  found(founder: N): Promise<S>
  commit(state: S, change: HistoryChange<N>): Promise<{ state: S; commit: Uint8Array; welcome: Uint8Array | null }>
  join(newcomer: N, welcome: Uint8Array): Promise<S>
  /** The next state, or null if the commit removed this member. Throws if it is rejected. */
  follow(state: S, commit: Uint8Array): Promise<S | null>
  send(state: S, text: string): Promise<{ state: S; message: Uint8Array }>
  /** Throws if it is rejected. */
  read(state: S, message: Uint8Array): Promise<{ state: S; text: string; senderLeaf: number | null }>
  /** The same for all members of one epoch, and for no one else. */
  tip(state: S): Promise<string>
  leafIndex(state: S): number
  occupied(state: S): number[]
  /** Stored and read again; throws if that lost anything. */
  restore(state: S): S
}

export interface HistoryChange<N> {
  add: N[]
  removeLeaves: number[]
  settings: Uint8Array | null
}

export interface HistoryResult {
  commits: number
  messages: number
  members: number
  /** One line for each thing that should not have happened. */
  failures: string[]
}

export interface HistoryOptions {
  random: Random
  steps: number
  /** No additions above. */
  most: number
}

interface Played<S> {
  members: Map<number, S>
  /** Last states of those who were removed, who go on trying. */
  removed: S[]
}

/** How many of those who were removed go on listening. */
const REMEMBERED = 6

const describe = (thrown: unknown): string => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))

/**
 * A random history: members add, remove, change settings or just renew their keys, alone and all in one commit; sometimes a whole
 * side of the tree goes, so that its root is blank on a path. After each commit every member must be in the same epoch, newcomers
 * too, those removed must not follow, and one member's message must reach all others and nobody who left.
 */
export async function playHistory<S, N>(subject: HistorySubject<S, N>, options: HistoryOptions): Promise<HistoryResult> {
  const { random, steps, most } = options
  const pick = (n: number) => Math.floor(random.fraction() * n)
  const chance = (p: number) => random.fraction() < p
  const failures: string[] = []
  const founder = await subject.found(await subject.newcomer(0))
  let played: Played<S> = { members: new Map([[subject.leafIndex(founder), founder]]), removed: [] }
  let newcomers = 1
  let commits = 0
  let messages = 0

  const leaving = (leaves: readonly number[], author: number): number[] => {
    const others = leaves.filter((leaf) => leaf !== author)
    if (others.length < 3 || chance(0.5)) return []
    if (chance(0.15)) {
      const half = 2 ** Math.floor(Math.log2(Math.max(...leaves)))
      const left = chance(0.7)
      return others.filter((leaf) => leaf < half === left)
    }
    return [...new Set(Array.from({ length: 1 + pick(2) }, () => others[pick(others.length)] ?? 0))]
  }

  for (let step = 0; step < steps; step++) {
    const leaves = [...played.members.keys()]
    const author = leaves[pick(leaves.length)] ?? 0
    const state = played.members.get(author)
    if (state === undefined) break
    const count = leaves.length < 3 ? 1 + pick(2) : leaves.length >= most ? 0 : pick(3)
    const add: N[] = []
    for (let i = 0; i < count; i++) add.push(await subject.newcomer(newcomers++))
    const removeLeaves = leaving(leaves, author)
    const settings = chance(0.4) ? random.bytes(20) : null
    const what = `step ${step}: add ${add.length}, remove ${removeLeaves.join()}${settings === null ? '' : ', settings'} by ${author}`
    try {
      played = await commitOnce(subject, played, state, author, { add, removeLeaves, settings }, what)
      commits++
    } catch (thrown) {
      failures.push(`${what}: ${describe(thrown)}`)
      continue
    }
    try {
      played = await talkOnce(subject, played, pick(played.members.size), `message ${step}`)
      messages++
    } catch (thrown) {
      failures.push(`message after ${what}: ${describe(thrown)}`)
    }
  }
  return { commits, messages, members: played.members.size, failures }
}

async function commitOnce<S, N>(
  subject: HistorySubject<S, N>,
  played: Played<S>,
  state: S,
  author: number,
  change: HistoryChange<N>,
  what: string,
): Promise<Played<S>> {
  const made = await subject.commit(state, change)
  const tip = await subject.tip(made.state)
  const next = new Map([[author, subject.restore(made.state)]])
  const removed = [...played.removed]
  const same = async (candidate: S, who: string) => {
    if ((await subject.tip(candidate)) !== tip) throw new Error(`${who} is in another epoch`)
    if (subject.occupied(candidate).join() !== subject.occupied(made.state).join()) throw new Error(`${who} sees another group`)
  }
  for (const [leaf, member] of played.members) {
    if (leaf === author) continue
    const followed = await subject.follow(member, made.commit)
    if (change.removeLeaves.includes(leaf) !== (followed === null))
      throw new Error(`leaf ${leaf} ${followed === null ? 'was lost' : 'follows'}`)
    if (followed === null) removed.push(member)
    else {
      await same(followed, `leaf ${leaf}`)
      next.set(leaf, subject.restore(followed))
    }
  }
  for (const newcomer of change.add) {
    if (made.welcome === null) throw new Error('no welcome')
    const joined = await subject.join(newcomer, made.welcome)
    await same(joined, `newcomer at ${subject.leafIndex(joined)}`)
    next.set(subject.leafIndex(joined), subject.restore(joined))
  }
  if (next.size !== subject.occupied(made.state).length) throw new Error(`${what}: members are missing`)
  return { members: next, removed: removed.slice(-REMEMBERED) }
}

async function talkOnce<S, N>(subject: HistorySubject<S, N>, played: Played<S>, nth: number, text: string): Promise<Played<S>> {
  const members = new Map(played.members)
  const [from, sender] = [...members][nth] ?? []
  if (from === undefined || sender === undefined) throw new Error('nobody to speak')
  const sent = await subject.send(sender, text)
  members.set(from, subject.restore(sent.state))
  for (const [leaf, member] of played.members) {
    if (leaf === from) continue
    const read = await subject.read(member, sent.message)
    if (read.text !== text) throw new Error(`leaf ${leaf} read something else`)
    if (read.senderLeaf !== null && read.senderLeaf !== from) throw new Error(`leaf ${leaf} took another for the sender`)
    members.set(leaf, subject.restore(read.state))
  }
  for (const outsider of played.removed) {
    const listened = await subject.read(outsider, sent.message).catch(() => null)
    if (listened !== null) throw new Error('a removed member reads on')
  }
  return { members, removed: played.removed }
}
