import type { WireObject } from '../../../ports/wire.ts'
import { evil } from './malice.ts'
import { bogus, connected, push, stateOf } from './means.ts'

/** One commit after another that changes nothing but keys: the first may be followed, of which all others hang. */
export const renewsAgainAndAgain = evil('renewals', 3, async (world, node) => {
  let { state, eid } = stateOf(world, node)
  const objects: WireObject[] = []
  for (let more = world.dice.between(2, 6); more > 0; more--) {
    const made = await node.engine.commit(state, { authenticatedData: new Uint8Array() })
    if (!made.ok) return
    objects.push({ eid, bytes: made.value.commit })
    state = made.value.state
    eid = await node.engine.eid(state)
  }
  bogus(world, objects.slice(1))
  push(world, node, connected(node), objects, 'renewals of its keys')
})
