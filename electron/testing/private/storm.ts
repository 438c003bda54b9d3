import { expect } from 'vitest'
import type { GroupId, MemberId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Random } from '../../kernel/random.ts'
import { readEnded } from '../../sync/members/ended.ts'
import { hasLeaveOffer } from '../../sync/members/leave-offer.ts'
import type { Resident } from '../fixtures/town.ts'
import { seededRandom } from '../mls/seeded.ts'
import { makePrivateWorld } from './private-world.ts'
import type { PrivateWorld } from './private-world.ts'

/**
 * Anything at once: channels are made, people come, go, are removed, restart and are away; then all are there, and have to be of one
 * mind about who is in what. Each from one seed; one that fails becomes a test of its own.
 */
const STEPS = 25

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[Math.floor(random.fraction() * from.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

/** What is refused in words is an outcome like any other. */
const attempt = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown
  })
}

const under = ({ store }: Resident, space: GroupId): GroupId[] =>
  store.directory
    .under(space)
    .map(({ groupId }) => groupId)
    .filter((groupId) => readEnded(store, groupId) === null)

export async function storm(seed: string): Promise<void> {
  const world = await makePrivateWorld(`storm ${seed}`)
  try {
    await blow(world, seed)
  } finally {
    await world.town.end()
  }
}

async function blow(world: PrivateWorld, seed: string): Promise<void> {
  const random = seededRandom(`storm ${seed}`)
  const { alice, bob, carol, dave, town } = world
  const all = [alice, bob, carol, dave]
  const spaceId = world.space.spaceId
  const space = spaceId as string as GroupId
  const ids = new Map(all.map((one) => [one, world.idOf(one)]))
  const isAway = new Set<Resident>()
  let isOut: Resident | null = null
  const channelsOf = async (one: Resident) =>
    ((await one.api['spaces.list']({}))[0]?.channels ?? []).filter(({ kind, status }) => kind !== 'open' && status.kind === 'member')
  const everybodyElse = (one: Resident): MemberId[] => all.filter((other) => other !== one).map((other) => world.idOf(other))

  const step = async (one: Resident, n: number): Promise<void> => {
    const channels = await channelsOf(one)
    const dice = random.fraction()
    const memberId = pick(random, everybodyElse(one))
    if (channels.length === 0 || dice < 0.15) {
      const members = everybodyElse(one).filter(() => random.fraction() < 0.5)
      await one.api['channels.create']({ spaceId, name: `plans ${n}`, kind: 'private', members })
      return
    }
    const { channelId } = pick(random, channels)
    if (dice < 0.25) await one.api['channels.direct']({ spaceId, memberId })
    else if (dice < 0.4) await one.api['channels.addMember']({ channelId, memberId })
    else if (dice < 0.5) await one.api['channels.removeMember']({ channelId, memberId })
    else if (dice < 0.56) await one.api['channels.leave']({ channelId })
    else await world.say(one, channelId, `${n}`)
  }

  for (let n = 0; n < STEPS; n++) {
    const here = all.filter((one) => !isAway.has(one) && one !== isOut)
    const acting = here.filter(() => random.fraction() < 0.6)
    await Promise.all(acting.map((one, i) => attempt(step(one, n * 10 + i))))
    const dice = random.fraction()
    const other = pick(random, [bob, carol, dave])
    if (dice < 0.12 && !isAway.has(other) && isAway.size < 2) {
      isAway.add(other)
      await world.away(other)
    } else if (dice < 0.3 && isAway.has(other)) {
      isAway.delete(other)
      await world.back(other)
    } else if (dice < 0.36 && !isAway.has(other)) {
      await other.restart()
      town.hub.retryAll()
    } else if (n === Math.floor(STEPS / 2) && random.fraction() < 0.5) {
      isOut = other
      await attempt(alice.api['members.remove']({ spaceId, memberId: world.idOf(other) }))
    }
    for (let i = 0; i < 4; i++) {
      town.clock.advance(200)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  for (const one of isAway) await world.back(one)

  const there = all.filter((one) => one !== isOut)
  /** What is not yet as it should be. */
  const amiss = (): string[] => {
    const found: string[] = []
    const tips = new Map<GroupId, string>()
    for (const one of there)
      for (const groupId of under(one, space)) {
        const row = one.store.groups.get(groupId)
        const place = `${groupId.slice(0, 6)} of ${one.name}`
        if (row === null) continue
        if (hasLeaveOffer(one.store, groupId)) found.push(`${place}: leaving`)
        if (row.returning) found.push(`${place}: returning`)
        if (tips.has(groupId) && tips.get(groupId) !== row.tip) found.push(`${place}: elsewhere`)
        tips.set(groupId, row.tip)
        const roster = one.store.directory.members(groupId).filter((m) => m.active)
        for (const other of all) {
          const isIn = roster.some(({ memberId }) => memberId === ids.get(other))
          if (isIn && other === isOut) found.push(`${place}: ${other.name} is out of the space`)
          if (other !== isOut && isIn !== under(other, space).includes(groupId))
            found.push(`${place}: ${other.name} ${isIn ? 'is not' : 'is still'} there`)
        }
      }
    return found
  }
  await expect
    .poll(
      async () => {
        town.clock.advance(500)
        return amiss()
      },
      { interval: 2, timeout: 40_000 },
    )
    .toEqual([])

  // Whoever was never in a group never heard of it.
  for (const groupId of new Set(all.flatMap((one) => under(one, space)))) {
    const stores = all.map(({ store }) => store.directory)
    const ever = new Set(stores.flatMap((directory) => directory.members(groupId).map(({ memberId }) => memberId)))
    const channelId = stores.flatMap((directory) => directory.channels(groupId))[0]?.channelId
    for (const one of all.filter((other) => !ever.has(ids.get(other) ?? ('' as MemberId)))) {
      const told = JSON.stringify(one.events)
      expect([one.store.groups.get(groupId), told.includes(groupId), told.includes(channelId ?? groupId)]).toEqual([null, false, false])
    }
  }
  for (const one of there) expect([one.name, one.store.settings.get(`astray/${space}`)]).toEqual([one.name, null])
  // And in each group all who are in it read each other.
  for (const one of there)
    for (const { channelId, membersOf } of await channelsOf(one)) {
      const groupId = membersOf as string as GroupId
      const others = there.filter((other) => other !== one && under(other, space).includes(groupId))
      if (others.length === 0) continue
      const text = `at the end, ${one.name} in ${channelId}`
      await world.say(one, channelId, text)
      for (const other of others) await world.inTime(() => world.heard(other, channelId).includes(text), true)
    }
}
