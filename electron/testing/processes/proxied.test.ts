import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededDice } from '../crash/dice.ts'
import { tempDir } from '../temp-dir.ts'
import { mode, proxiedTown } from './proxied-town.ts'
import type { ProxiedTown } from './proxied-town.ts'
import { joinAll, talkIn, until } from './town-talk.ts'
import type { Talk } from './town-talk.ts'

const SEED = 4
const all = ['alice', 'bob', 'carol']

describe('three processes that meet through proxies only', { timeout: 300_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  let town: ProxiedTown

  beforeEach(() => {
    folder = tempDir()
    town = proxiedTown(folder.dir, all, SEED)
  })
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') process.stderr.write(`${town.log()}\n`)
    await town.dispose()
    folder.remove()
  })

  const online = async (talk: Talk, name: string): Promise<number> => (await talk.members(name)).filter((member) => member.online).length

  it('join and talk while connections are delayed, cut, stalled and refused, and everything arrives once', async () => {
    await town.raise()
    const dice = seededDice(SEED)
    for (const proxy of town.proxies()) proxy.set({ delayMs: [1, 15], bytesPerSecond: 2_000_000 })
    const talk = await talkIn(town, 'alice')
    await joinAll(town, 'alice', talk, ['bob', 'carol'])
    for (const name of all) await until(`everybody online for ${name}`, async () => ((await online(talk, name)) === 3 ? true : null))
    const everybodySays = (round: string) => Promise.all(all.map((name) => talk.say(name, `${name} ${round}`)))

    await everybodySays('on quiet lines')
    for (const proxy of town.proxies()) if (dice.chance(0.7)) proxy.cut(dice.pick(['reset', 'end']))
    await everybodySays('while lines are cut')
    mode(town.around('carol'), 'refuse')
    await everybodySays('while Carol is apart')
    mode(town.around('carol'), 'carry')
    mode(town.between('alice', 'bob'), 'stall')
    await everybodySays('while Alice and Bob hear nothing of each other')
    mode(town.between('alice', 'bob'), 'carry')
    for (const proxy of town.proxies()) proxy.set({ corrupt: 0.02 })
    await everybodySays('while bits are turned')
    for (const proxy of town.proxies()) proxy.set({ corrupt: 0 })

    await talk.hasAll(all, talk.said)
    for (const name of all) expect((await talk.texts(name)).sort()).toEqual([...talk.said].sort())
    const did = town.proxies().map(({ counts }) => counts)
    expect(did.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(10_000)
    expect(did.some(({ reset }) => reset > 0)).toBe(true)

    // and there is no other way between them
    mode(town.proxies(), 'refuse')
    for (const name of all) await until(`${name} alone`, async () => ((await online(talk, name)) === 1 ? true : null))
  })
})
