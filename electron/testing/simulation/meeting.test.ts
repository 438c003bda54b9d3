import { describe, expect, it } from 'vitest'
import { HINTS_MS } from '../../network/protocols/hints/constants.ts'
import { areConnected } from './meeting.ts'
import type { SimNode } from './node/sim-node.ts'
import type { SimOptions } from './options.ts'
import { CALM, optionsOf } from './options.ts'
import type { SimReport } from './run.ts'
import { simulate } from './run.ts'
import type { World } from './world.ts'

const two: SimOptions = { ...optionsOf(1), founders: 2, nodes: 2, steps: 10, disk: false, faults: CALM }

/** Plays a world in which `last` happens before all is well for good; answers what that came to, and how the world ended. */
async function endingWith<T>(last: (world: World, ann: SimNode, bob: SimNode) => T): Promise<{ came: T | undefined; report: SimReport }> {
  let came: T | undefined
  const meddle = (world: World): void => {
    const heal = world.heal.bind(world)
    world.heal = () => {
      const [ann, bob] = world.nodes
      if (ann === undefined || bob === undefined) throw new Error('there are two')
      came = last(world, ann, bob)
      heal()
    }
  }
  return { report: await simulate(two, { meddle }), came }
}

describe('who has met before a world is judged', () => {
  it('is connected, which nobody is by a connection that is gone and still seems good at both ends', async () => {
    const { came, report } = await endingWith((world, ann, bob) => {
      const before = areConnected(world)
      world.conditions.split([bob.peerId], 1)
      world.fabric.applyConditions()
      const seems = [ann, bob].flatMap(({ now }) => now.network.sessions().map(({ state }) => state))
      return { before, seems, after: areConnected(world) }
    })
    expect(came).toEqual({ before: true, seems: ['ready', 'ready'], after: false })
    expect(report.violations).toEqual([])
  })

  it('is there', async () => {
    const { came } = await endingWith((world, _, bob) => {
      bob.kill()
      return areConnected(world)
    })
    expect(came).toBe(false)
  })

  it('waits for no answer that was lost before all was well', async () => {
    const { report } = await endingWith((world, ann, bob) => {
      world.conditions.deafen(ann.peerId, bob.peerId)
      void ann.now.network.hints(bob.peerId, world.groupId, [], new AbortController().signal).catch(() => undefined)
    })
    expect(report.restMs).toBeGreaterThanOrEqual(HINTS_MS)
    expect(report.violations).toEqual([])
  })
})
