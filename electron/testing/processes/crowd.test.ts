import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededDice } from '../crash/dice.ts'
import { tempDir } from '../temp-dir.ts'
import { result, run } from './command-line.ts'
import { mode, proxiedTown } from './proxied-town.ts'
import type { ProxiedTown } from './proxied-town.ts'
import { across, joinAll, talkIn, until } from './town-talk.ts'
import type { Talk } from './town-talk.ts'

/** Real processes, real sockets, lines that fail, and several who change the group at once. */
describe('a crowd of processes that meet through proxies only', { timeout: 600_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  let town: ProxiedTown

  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') process.stderr.write(`${town.log()}\n`)
    await town.dispose()
    folder.remove()
  })

  const command = (name: string, ...args: string[]) => result(town.dir(name), ...args)
  const raise = async (names: readonly string[], seed: number): Promise<Talk> => {
    town = proxiedTown(folder.dir, names, seed)
    await town.raise()
    for (const proxy of town.proxies()) proxy.set({ delayMs: [1, 10] })
    const [founder = '', ...others] = names
    const talk = await talkIn(town, founder)
    await joinAll(town, founder, talk, others)
    await talk.agree(names, 'members', async (name) => (await talk.members(name)).map((member) => member.name))
    return talk
  }
  const names = async (talk: Talk, of: string): Promise<string[]> =>
    (await talk.members(of)).map(({ name, role }) => `${name} ${role}`).sort()

  it('of five: two parts change the space at once, one dies, one is removed while it writes, one leaves; the rest agree', async () => {
    const [ann, bob, cem, dea, eve] = ['ann', 'bob', 'cem', 'dea', 'eve'] as const
    const everybody = [ann, bob, cem, dea, eve]
    const talk = await raise(everybody, 5)
    for (const name of [bob, cem]) await command(ann, 'member', 'role', '--space', talk.spaceId, await talk.memberId(name), 'admin')
    await talk.agree(everybody, 'roles', (name) => names(talk, name))

    const apart = across(town, [ann, bob], [cem, dea, eve])
    mode(apart, 'refuse')
    await Promise.all([
      command(ann, 'channel', 'create', '--space', talk.spaceId, 'ann’s'),
      command(bob, 'channel', 'create', '--space', talk.spaceId, 'bob’s'),
      command(cem, 'channel', 'create', '--space', talk.spaceId, 'cem’s'),
      ...everybody.map((name) => talk.say(name, `${name} while apart`)),
    ])
    await town.halt(dea, 'SIGKILL')
    await talk.say(eve, 'eve to nobody')
    await town.serve(dea)
    mode(apart, 'carry')
    await talk.settleOn(everybody, 'channels', talk.channels, ['ann’s', 'bob’s', 'cem’s', 'general'])
    await talk.hasAll(everybody, talk.said)

    const gone = await talk.memberId(eve)
    await Promise.all([
      command(ann, 'member', 'remove', '--space', talk.spaceId, gone),
      command(cem, 'space', 'rename', '--space', talk.spaceId, 'Friends of Ann'),
      run(town.dir(eve), ['send', '--channel', talk.channelId, 'eve says goodbye, perhaps']),
    ])
    await command(dea, 'space', 'leave', '--space', talk.spaceId)
    const rest = [ann, bob, cem]
    await until('three who are left', async () => {
      const left = await talk.agree(rest, 'members', (name) => names(talk, name))
      return left.length === 3 ? left : null
    })
    for (const name of rest) await talk.say(name, `${name} probes`)
    await talk.hasAll(rest, talk.said)
    expect((await talk.texts(eve)).filter((text) => text.endsWith('probes'))).toEqual([])
    // It is told that it is out once no choice among commits is open any more.
    await until('nothing of the space at dea', async () =>
      (await run(town.dir(dea), ['history', '--channel', talk.channelId])).status === 0 ? null : true,
    )
  })

  it('of ten: all join at once, four change the space in two parts while lines are cut and two die, and all agree', async () => {
    const everybody = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    const talk = await raise(everybody, 10)
    const dice = seededDice(10)
    const admins = ['a', 'b', 'f', 'g']
    for (const name of admins.slice(1)) await command('a', 'member', 'role', '--space', talk.spaceId, await talk.memberId(name), 'admin')
    await talk.agree(everybody, 'roles', (name) => names(talk, name))

    const apart = across(town, everybody.slice(0, 5), everybody.slice(5))
    mode(apart, 'refuse')
    await Promise.all(admins.map((name) => command(name, 'channel', 'create', '--space', talk.spaceId, `of ${name}`)))
    for (const proxy of town.proxies()) if (dice.chance(0.3)) proxy.cut(dice.pick(['reset', 'end']))
    await Promise.all(everybody.map((name) => talk.say(name, `${name} while apart`)))
    await Promise.all(['c', 'h'].map((name) => town.halt(name, 'SIGKILL')))
    await Promise.all(admins.map((name) => talk.say(name, `${name} while two are dead`)))
    mode(apart, 'carry')
    await Promise.all(['c', 'h'].map((name) => town.serve(name)))
    await talk.settleOn(everybody, 'channels', talk.channels, ['general', 'of a', 'of b', 'of f', 'of g'])
    await Promise.all(everybody.map((name) => talk.say(name, `${name} probes`)))
    await talk.hasAll(everybody, talk.said)
    expect(await talk.agree(everybody, 'members', (name) => names(talk, name))).toHaveLength(10)
  })
})
