import { agreement, membership, staying } from './invariants/agreement.ts'
import { bounds } from './invariants/bounds.ts'
import { allCounted, nothingMissing } from './invariants/counted.ts'
import { nothingOwed } from './invariants/delivery.ts'
import { horizon } from './invariants/horizon.ts'
import { noKeysOutside, nothingLeaked, nothingLost } from './invariants/messages.ts'
import { promises } from './invariants/promises.ts'
import { allMeet } from './meeting.ts'
import type { Violation } from './violation.ts'
import { violation } from './violation.ts'
import type { World } from './world.ts'

/** Checked when a world has come to rest. Add a checker here; each names the invariant of PROTOCOL.md it is about. */
export const checks: readonly ((world: World) => Violation[])[] = [
  agreement,
  membership,
  promises,
  nothingLost,
  nothingLeaked,
  noKeysOutside,
  allCounted,
  bounds,
  horizon,
]

/** Longer than three quiet passes: sessions and couriers try again once a minute at the latest. */
const HEAL_MS = 10 * 60_000
/** All is quiet when it would not be for long: what was passed on is passed on, and who asked again has asked. */
const REST_MS = 5_000

const judge = (world: World): Violation[] =>
  world.up.length < world.nodes.length ? [notBack(world)] : checks.flatMap((check) => check(world))

const notBack = (world: World): Violation =>
  violation(10, `not back: ${world.nodes.flatMap((node) => (node.up ? [] : node.name)).join(', ')}`)

const toAsk = (world: World): boolean => world.members.every((node) => node.calling.size === 0)

/**
 * Who is in the group, and who of them can stay: a branch that is followed later may let somebody in who could not come back before. And
 * who goes over to the others just now: beside a hostile member alone somebody may long have seemed to be at one with everybody.
 */
function company(world: World): string {
  const inside = world.nodes.filter((node) => node.group(world.groupId) !== null)
  const able = world.up.length < world.nodes.length ? [] : staying(world)
  const astray = world.options.hostile === 0 ? [] : world.honest.map((node) => `${node.name} ${node.wentAstray}`)
  return [...inside.map((node) => node.name), ...able.map((node) => node.name), ...astray].join(' ')
}

/**
 * Lets a world come to rest: everything holds, and still does when a while has passed. Only somebody who came in during that while,
 * whom nobody could let in before it, or who goes over to the others, sets the world going again, and is waited for like everything
 * before. Answers what was not as it must be.
 */
async function rest(world: World): Promise<Violation[]> {
  const healed = world.schedule.now
  await allMeet(world)
  // Who meets compares: what was kept from others comes to light now, and is no unrest.
  await world.advance(REST_MS)
  for (;;) {
    const left = healed + HEAL_MS - world.schedule.now
    await world.until(() => judge(world).length === 0 && toAsk(world), left)
    world.restMs = world.schedule.now - healed
    const before = company(world)
    await world.advance(REST_MS)
    const found = judge(world)
    if (found.length === 0 || world.failed || company(world) === before || left <= 0) return found
  }
}

/** Lets a world come to rest, lets everybody say one thing more, and answers what was not as it must be. */
export async function conclude(world: World): Promise<Violation[]> {
  world.heal()
  const before = await rest(world)
  if (before.length > 0 || world.failed) return before
  world.trace.write('everybody says one thing more')
  for (const node of staying(world)) {
    world.say(node, 'probes')
    await world.settleWindow()
  }
  // What says nothing may leave a gap at any time, which is closed a moment later: that is no unrest.
  const last = (): Violation[] => [...judge(world), ...nothingMissing(world), ...nothingOwed(world)]
  await world.until(() => last().length === 0, HEAL_MS)
  return last().map(({ rule, what }) => violation(rule === 6 ? 3 : rule, what))
}
