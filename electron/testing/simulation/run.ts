import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Action } from './actions/action.ts'
import { administrations } from './actions/administration.ts'
import { comeBy, invite, people } from './actions/people.ts'
import { weather } from './actions/weather.ts'
import { withWorldDeadlines } from './deadlines.ts'
import { framing, malice } from './hostile/malice.ts'
import { renewsAgainAndAgain } from './hostile/renewals.ts'
import { durableInMemory, durableOnDisk } from './node/durable.ts'
import type { DurableStore } from './node/sim-node.ts'
import type { SimOptions } from './options.ts'
import { mailboxAddresses } from './network/sim-mailbox.ts'
import { conclude } from './verdict.ts'
import type { Violation } from './violation.ts'
import { violation } from './violation.ts'
import { World } from './world.ts'

export interface SimReport {
  options: SimOptions
  violations: Violation[]
  /** SHA-256 of the whole trace. */
  digest: string
  lines: number
  events: number
  messages: number
  objects: number
  epoch: number
  deaths: number
  /** World time from when all was well until everybody was seen to agree, in milliseconds. */
  restMs: number
  replays: number
  bogus: number
  /** How often a device renewed its keys by itself. */
  updates: number
  /** How many came back who had been removed. */
  returns: number
}

/** For whoever wants to see more of a run than its end, or to break something in it. */
export interface Looking {
  /** Is given the trace as it is written. */
  hear?: ((line: string) => void) | undefined
  /** Makes the store of a node; `folder` is for the files of this run. */
  storeOf?: (name: string, folder: string) => DurableStore
  /** Called once the founders are together. */
  meddle?: (world: World) => void
}

/** Plays the world of these options to its end. */
export async function simulate(options: SimOptions, looking: Looking = {}): Promise<SimReport> {
  const folder = mkdtempSync(join(tmpdir(), 'spacepanda-simulation-'))
  const stores: DurableStore[] = []
  const usual = (name: string): DurableStore => (options.disk ? durableOnDisk(folder, name) : durableInMemory())
  const storeOf = (name: string): DurableStore => {
    const store = looking.storeOf?.(name, folder) ?? usual(name)
    stores.push(store)
    return store
  }
  const mailboxes = await mailboxAddresses(options.mailboxes)
  const world = new World(options, { storeOf, hear: looking.hear ?? null, mailboxes })
  world.makeMailboxes({ hostile: mailboxes.length > 1 && options.seed % 3 === 0 })
  try {
    await withWorldDeadlines(world.schedule, () => play(world, looking.meddle))
  } catch (thrown) {
    world.violations.push(violation('fault', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)))
  } finally {
    for (const node of world.nodes) node.kill()
    for (const store of stores) store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  for (const { rule, what } of world.violations) world.trace.write(`VIOLATION ${rule}: ${what}`)
  return {
    options,
    violations: world.violations,
    digest: world.trace.digest(),
    lines: world.trace.lines,
    events: world.events,
    messages: world.ledger.sent.length,
    objects: world.keys.count,
    epoch: world.epochAtEnd,
    restMs: world.restMs,
    deaths: world.nodes.reduce((deaths, node) => deaths + node.lives - 1, 0),
    ...world.rejected.seen,
    returns: world.returns,
    updates: world.nodes.reduce((updates, node) => updates + node.keysRenewed, 0),
  }
}

const SETTLE_MS = 120_000

async function play(world: World, meddle: Looking['meddle']): Promise<void> {
  await gather(world)
  meddle?.(world)
  world.conditions.begin()
  const { hostile, keyPace, frames } = world.options
  const actions = [...people, ...administrations, ...weather]
  if (hostile > 0) actions.push(...malice, ...(keyPace === null ? [] : [renewsAgainAndAgain]), ...(frames ? framing : []))
  for (let step = 0; step < world.options.steps && !world.failed; step++) {
    await world.advance(pauseBefore(world))
    take(world, actions)
  }
  if (!world.failed) world.violations.push(...(await conclude(world)))
  world.epochAtEnd = world.newest
}

/** The founders meet while all is well. */
async function gather(world: World): Promise<void> {
  const { options } = world
  const founder = world.arrive(false)
  world.start(founder)
  await world.advance(1)
  await world.found(founder)
  const places = { link: '' }
  invite(world, founder, { role: 'member', maxUses: null }, (link) => (places.link = link))
  await world.settleWindow()
  for (let nth = 1; nth < options.founders; nth++) {
    const node = comeBy(world, founder, places.link, nth <= options.hostile)
    const inside = await world.until(() => node.group(world.groupId) !== null, SETTLE_MS, 100)
    if (!inside) throw new Error(`${node.name} does not come in`)
  }
  await world.until(() => world.nodes.every((node) => node.group(world.groupId)?.epoch === world.newest), SETTLE_MS)
}

/** Mostly a moment, sometimes long enough for everything to be at rest, in milliseconds. */
function pauseBefore({ dice }: World): number {
  if (dice.chance(0.6)) return dice.between(0, 400)
  return dice.chance(0.75) ? dice.between(400, 5_000) : dice.between(5_000, 40_000)
}

const TRIES = 6

function take(world: World, actions: readonly Action[]): void {
  const weights = actions.map((action) => action.weight(world.options))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let rest = world.dice.between(1, all)
    const chosen = actions.find((_, nth) => (rest -= weights[nth] ?? 0) <= 0)
    if (chosen?.begin(world) === true) return
  }
}
