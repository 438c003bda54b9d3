import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededDice } from '../crash/dice.ts'
import { tempDir } from '../temp-dir.ts'
import { result } from './command-line.ts'
import { mode, proxiedTown } from './proxied-town.ts'
import type { ProxiedTown } from './proxied-town.ts'

const SEED = 4
const all = ['alice', 'bob', 'carol']
/** How long it is looked for something that has to come. A dial that failed is tried again after some seconds. */
const PATIENCE_MS = 90_000
const LOOK_EVERY_MS = 1_000

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

  async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const found = await look()
      if (found !== null) return found
      if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`)
      await sleep(LOOK_EVERY_MS)
    }
  }
  const texts = async (name: string, channelId: string): Promise<string[]> => {
    const { messages } = await result(town.dir(name), 'history', '--channel', channelId, '--limit', '100')
    return (messages as { text: string }[]).map(({ text }) => text)
  }
  const online = async (name: string, spaceId: string): Promise<string[]> => {
    const { members } = await result(town.dir(name), 'members', '--space', spaceId)
    return (members as { name: string; online: boolean }[]).filter((member) => member.online).map((member) => member.name)
  }
  it('join and talk while connections are delayed, cut, stalled and refused, and everything arrives once', async () => {
    await town.raise()
    const dice = seededDice(SEED)
    for (const proxy of town.proxies()) proxy.set({ delayMs: [1, 15], bytesPerSecond: 2_000_000 })
    const space = await result(town.dir('alice'), 'space', 'create', 'Friends')
    const spaceId = space['spaceId'] as string
    const channelId = (space['channels'] as { channelId: string }[])[0]?.channelId ?? ''
    const { link } = await result(town.dir('alice'), 'invite', '--space', spaceId)
    for (const name of ['bob', 'carol']) await result(town.dir(name), 'join', link as string, '--timeout', '60')
    for (const name of all)
      await until(`everybody online for ${name}`, async () => ((await online(name, spaceId)).length === 3 ? true : null))

    const sent: string[] = []
    const say = async (name: string, text: string): Promise<void> => {
      sent.push(text)
      await result(town.dir(name), 'send', '--channel', channelId, text)
    }
    const everybodySays = (round: string) => Promise.all(all.map((name) => say(name, `${name} ${round}`)))

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

    for (const name of all)
      await until(`all ${sent.length} messages at ${name}`, async () =>
        (await texts(name, channelId)).length >= sent.length ? true : null,
      )
    for (const name of all) expect((await texts(name, channelId)).sort()).toEqual([...sent].sort())
    for (const name of all)
      await until(`nothing left to deliver at ${name}`, async () =>
        ((await result(town.dir(name), 'status'))['queued'] as unknown[]).length === 0 ? true : null,
      )
    const did = town.proxies().map(({ counts }) => counts)
    expect(did.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(10_000)
    expect(did.some(({ reset }) => reset > 0)).toBe(true)

    // and there is no other way between them
    mode(town.proxies(), 'refuse')
    for (const name of all) await until(`${name} alone`, async () => ((await online(name, spaceId)).length === 1 ? true : null))
  })
})
