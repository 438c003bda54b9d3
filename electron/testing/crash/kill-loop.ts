import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelId, SpaceId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { encodeLink, parseLink } from '../../sync/invitations/link.ts'
import { CrashPeer } from './crash-peer.ts'
import { Ledger } from './ledger.ts'
import { readOffline } from './offline.ts'
import { seededDice } from './dice.ts'
import type { Dice } from './dice.ts'
import type { Trap } from './write-trap.ts'

/** A victim that comes by no write dies after this long all the same. */
const LIFE_MS = 1_200
const CONVERGE_MS = 90_000
const JOIN_MS = 60_000

export interface KillLoop {
  root: string
  loops: number
  seed: number
  /** How often, in loops, the group changes and newcomers join while somebody dies. */
  commitEvery: number
  joinEvery: number
}

export interface KillReport {
  accepted: number
  deaths: { atWrite: number; byClock: number; whileStarting: number }
  /** Empty, if all is well. */
  problems: string[]
}

/**
 * Three people chat, change the group and let others join while one process after another is killed, at a random write or a
 * random moment, and started again. Only the first of them makes commits: what happens when two do at once is another matter.
 */
export async function runKillLoop({ root, loops, seed, commitEvery, joinEvery }: KillLoop): Promise<KillReport> {
  const dice = seededDice(seed)
  const report: KillReport = { accepted: 0, deaths: { atWrite: 0, byClock: 0, whileStarting: 0 }, problems: [] }
  const ledger = new Ledger()
  const [alice, bob, carol] = ['Alice', 'Bob', 'Carol'].map((name) => new CrashPeer(root, name))
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people')
  const everybody = [alice, bob, carol]
  try {
    for (const peer of everybody) await peer.start()
    const { spaceId, channels } = await alice.api['spaces.create']({ name: 'Crash' })
    const channelId = channels[0]?.channelId
    if (channelId === undefined) throw new Error('a space has a channel')
    await invite(alice, spaceId, bob)
    await invite(alice, spaceId, carol)
    for (let loop = 1; loop <= loops; loop++) {
      const newcomer = loop % joinEvery === 0 ? new CrashPeer(root, `Guest${loop}`) : null
      const commit = loop % commitEvery === 0 ? `channel-${loop}` : null
      await oneLoop({ everybody, alice, newcomer, commit, channelId, spaceId, dice, ledger, report })
      if (newcomer !== null) everybody.push(newcomer)
      if (report.problems.length > 0) return report
    }
    report.accepted = ledger.accepted.size
    report.problems.push(...(await allAgree(everybody, channelId, ledger)))
    return report
  } finally {
    await Promise.all(everybody.map((peer) => peer.kill()))
  }
}

interface Loop {
  everybody: CrashPeer[]
  alice: CrashPeer
  newcomer: CrashPeer | null
  commit: string | null
  channelId: ChannelId
  spaceId: SpaceId
  dice: Dice
  ledger: Ledger
  report: KillReport
}

async function oneLoop(context: Loop): Promise<void> {
  const { everybody, alice, newcomer, commit, channelId, spaceId, dice, ledger, report } = context
  const here = everybody.filter((peer) => peer.alive)
  const victim = dice.pick(newcomer === null ? here : [alice, newcomer])
  await newcomer?.start()
  const over = new AbortController()
  const talking = here.map((peer) => talk(peer, channelId, ledger, over.signal))
  const joining = newcomer === null ? Promise.resolve() : startJoin(alice, spaceId, newcomer)
  const changing = commit === null ? Promise.resolve() : change(alice, spaceId, commit)
  const trap: Trap = { writes: dice.between(1, 60), side: dice.pick(['before', 'after'] as const) }
  if (dice.chance(0.6)) victim.trap(trap)
  const how = await victim.dies(dice.between(50, LIFE_MS))
  over.abort()
  await Promise.all([...talking, joining, changing])
  report.deaths[how === 'itself' ? 'atWrite' : 'byClock'] += 1
  await inspect(victim, ledger, report)
  if (dice.chance(0.2)) {
    await victim.start({ writes: dice.between(1, 12), side: trap.side })
    if (!victim.alive) {
      report.deaths.whileStarting += 1
      await inspect(victim, ledger, report)
    } else await victim.kill()
  }
  await victim.start()
  if (newcomer !== null) {
    await endOfJoin(newcomer, alice, spaceId)
    // Away until the end: a process each would be many.
    await newcomer.stop()
  }
}

/** The database of somebody who just died is whole and holds all that its owner was told is safe. */
async function inspect(victim: CrashPeer, ledger: Ledger, report: KillReport): Promise<void> {
  const { damage, texts } = await readOffline(victim.dataDir)
  const problems = [...damage, ...ledger.problems(texts, (author) => author === victim.name)]
  report.problems.push(...problems.map((problem) => `${victim.name}: ${problem}`))
}

async function talk(peer: CrashPeer, channelId: ChannelId, ledger: Ledger, over: AbortSignal): Promise<void> {
  while (!over.aborted && peer.alive) {
    const text = ledger.next(peer.name)
    try {
      await peer.api['messages.send']({ channelId, text, replyTo: null })
      ledger.accepted.set(text, peer.name)
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'stopping') throw thrown
      ledger.unanswered.add(text)
    }
    await delay(5)
  }
}

/** Whatever dies meanwhile, dies; the group's state tells in the end whether it happened. */
async function change(alice: CrashPeer, spaceId: SpaceId, name: string): Promise<void> {
  await unlessItDied(() => alice.api['channels.create']({ spaceId, name, kind: 'open' }))
}

async function unlessItDied(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'stopping') throw thrown
  }
}

/** A link that names only its maker: two who admit the same person at once would be two commits at once. */
async function linkOf(alice: CrashPeer, spaceId: SpaceId): Promise<string> {
  const { link } = await alice.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 86_400_000 })
  const parsed = parseLink(link ?? '')
  if (parsed === null) throw new Error('the inviter has the link')
  return encodeLink({ ...parsed, peers: parsed.peers.slice(0, 1) })
}

async function startJoin(alice: CrashPeer, spaceId: SpaceId, newcomer: CrashPeer): Promise<void> {
  await unlessItDied(async () => newcomer.api['joins.start']({ link: await linkOf(alice, spaceId) }))
}

/** A join that was under way goes on by itself; one that was never stored is begun again. */
async function endOfJoin(newcomer: CrashPeer, alice: CrashPeer, spaceId: SpaceId): Promise<void> {
  const deadline = performance.now() + JOIN_MS
  for (;;) {
    if ((await newcomer.api['spaces.list']({})).length > 0) return
    const [join] = await newcomer.api['joins.list']({})
    if (join === undefined) await startJoin(alice, spaceId, newcomer)
    else if (join.state.kind === 'waiting') await newcomer.api['joins.retry']({ joinId: join.joinId })
    else if (join.state.kind === 'refused') throw new Error(`the join was refused: ${join.state.code}`)
    if (performance.now() > deadline) throw new Error(`the join of ${newcomer.name} hangs: ${JSON.stringify(join?.state)}`)
    await delay(100)
  }
}

async function invite(alice: CrashPeer, spaceId: SpaceId, guest: CrashPeer): Promise<void> {
  await startJoin(alice, spaceId, guest)
  await endOfJoin(guest, alice, spaceId)
}

/** With everybody back: the first three have the same history, all are in the same epoch, and all can still talk. */
async function allAgree(everybody: readonly CrashPeer[], channelId: ChannelId, ledger: Ledger): Promise<string[]> {
  for (const peer of everybody) if (!peer.alive) await peer.start()
  const last = ledger.next('Alice')
  await everybody[0]?.api['messages.send']({ channelId, text: last, replyTo: null })
  ledger.accepted.set(last, 'Alice')
  const founders = everybody.slice(0, 3)
  const deadline = performance.now() + CONVERGE_MS
  let problems: string[]
  do {
    await delay(200)
    const histories = await Promise.all(founders.map((peer) => textsOf(peer, channelId)))
    problems = histories.flatMap((texts, i) => ledger.problems(texts).map((problem) => `${founders[i]?.name}: ${problem}`))
    for (const guest of everybody.slice(3))
      if (!(await textsOf(guest, channelId)).includes(last)) problems.push(`${guest.name} hears nothing any more`)
  } while (problems.length > 0 && performance.now() < deadline)
  for (const peer of everybody) await peer.stop()
  const tips = await Promise.all(everybody.map(async (peer) => (await readOffline(peer.dataDir)).tips.join()))
  return new Set(tips).size === 1 ? problems : [...problems, 'not everybody is in the same epoch']
}

async function textsOf(peer: CrashPeer, channelId: ChannelId): Promise<string[]> {
  const texts: string[] = []
  for (let before: string | null = null; ;) {
    const page = await peer.api['messages.page']({ channelId, limit: 200, before, after: null, around: null })
    texts.push(...page.messages.map((message) => message.text))
    before = page.nextCursor
    if (before === null) return texts
  }
}
