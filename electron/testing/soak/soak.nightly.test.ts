import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { freeTcpPort } from '../../network/libp2p/free-port.ts'
import { seededDice } from '../crash/dice.ts'
import { proxiedTown } from '../processes/proxied-town.ts'
import type { ProxiedTown } from '../processes/proxied-town.ts'
import { joinAll, talkIn } from '../processes/town-talk.ts'
import type { Talk } from '../processes/town-talk.ts'
import { tempDir } from '../temp-dir.ts'
import { collectGarbage } from './collect-garbage.ts'
import { heldBy, median } from './held-by.ts'
import type { Held } from './held-by.ts'

/** These run all the time, and are looked at; */
const STEADY = ['ann', 'bob', 'cem', 'dea']
/** these go and come back. */
const CHURNING = ['eve', 'fay', 'gus', 'hal']
const MINUTE_MS = 60_000
/** Until what is allocated once is allocated. */
const WARM_UP_MS = 4 * MINUTE_MS
const CHURN_MS = 10 * MINUTE_MS
const PACE_MS = 1_500
const SETTLE_MS = 20_000
const SAMPLES = 5
/** Of the issue. */
const MOST_DRIFT = 0.05

describe.skipIf(process.platform !== 'linux')(
  'eight processes of which four come and go, for ten minutes',
  { timeout: 30 * MINUTE_MS },
  () => {
    const folder = tempDir()
    const dice = seededDice(8)
    /** Where each of the steady ones can be told to give back what it needs no more. */
    const ports = new Map<string, number>()
    const inspected = (name: string): NodeJS.ProcessEnv =>
      ports.has(name) ? { NODE_OPTIONS: `--inspect=127.0.0.1:${String(ports.get(name))}` } : {}
    const town: ProxiedTown = proxiedTown(folder.dir, [...STEADY, ...CHURNING], 8, inspected)
    afterEach(async () => {
      await town.dispose()
      folder.remove()
    })

    /** One of the things that happen: something is said, lines break, somebody dies or goes, and is back. */
    const happen = async (talk: Talk, n: number): Promise<void> => {
      if (dice.chance(0.6)) return talk.say(dice.pick(STEADY), `word ${n}`)
      if (dice.chance(0.5)) {
        for (const proxy of town.around(dice.pick(town.names))) if (dice.chance(0.5)) proxy.cut(dice.pick(['reset', 'end']))
        return
      }
      const who = dice.pick(CHURNING)
      await town.halt(who, dice.pick(['SIGTERM', 'SIGKILL']))
      await town.serve(who)
    }
    const churn = async (talk: Talk, forMs: number, from: number): Promise<number> => {
      const end = performance.now() + forMs
      let n = from
      for (; performance.now() < end; n++) {
        await happen(talk, n)
        await sleep(PACE_MS)
      }
      return n
    }
    /** Each of the steady ones, when all is quiet and everybody has everything: the middle of some looks. */
    const look = async (): Promise<Held[]> => {
      await sleep(SETTLE_MS)
      for (const port of ports.values()) await collectGarbage(port)
      const looks: Held[][] = []
      for (let i = 0; i < SAMPLES; i++) {
        looks.push(STEADY.map((name) => heldBy(town.pid(name))))
        await sleep(PACE_MS)
      }
      return STEADY.map((_, at) => {
        const of = (what: keyof Held): number => median(looks.map((each) => each[at]?.[what] ?? Number.NaN))
        return { resident: of('resident'), sockets: of('sockets'), others: of('others') }
      })
    }
    /** The newest hundred: a page of the history is two hundred at most. */
    const everybodyHasAll = (talk: Talk): Promise<void> => talk.hasAll(town.names, talk.said.slice(-100))

    it('grow by less than a twentieth, keep no handle, and lose no word', async () => {
      for (const name of STEADY) ports.set(name, await freeTcpPort('127.0.0.1', 0))
      await town.raise()
      const talk = await talkIn(town, 'ann')
      await joinAll(town, 'ann', talk, town.names.slice(1))
      const words = await churn(talk, WARM_UP_MS, 0)
      await everybodyHasAll(talk)
      const before = await look()
      await churn(talk, CHURN_MS, words)
      await everybodyHasAll(talk)
      const after = await look()
      const resident = (looks: readonly Held[]): number => looks.reduce((sum, each) => sum + each.resident, 0)
      const drift = resident(after) / resident(before) - 1
      process.stdout.write(`resident memory of those that stayed: ${(drift * 100).toFixed(1)} %\n`)
      expect(after.map(({ others }) => others)).toEqual(before.map(({ others }) => others))
      // A connection may be made twice for a while, when both dial at once.
      for (const [n, { sockets }] of after.entries()) expect(sockets).toBeLessThanOrEqual((before[n]?.sockets ?? 0) + 2)
      expect(drift).toBeLessThan(MOST_DRIFT)
    })
  },
)
