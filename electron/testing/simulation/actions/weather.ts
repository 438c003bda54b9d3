import type { Action } from './action.ts'
import type { World } from '../world.ts'

/** How long a fault of the network lasts, in milliseconds. */
const FAULT_MS = { least: 500, most: 90_000 } as const

/** A crash waits for one of the next transactions, or comes at once. */
const TRAP = 6

const forAWhile = (world: World, end: () => void): void => {
  world.schedule.after(world.dice.between(FAULT_MS.least, FAULT_MS.most), end)
}

const partition: Action = {
  name: 'partition',
  weight: ({ faults }) => faults.partition,
  begin(world) {
    const { nodes, dice, conditions, fabric, trace } = world
    if (nodes.length < 2) return false
    const islands = nodes.map((node) => ({ node, island: dice.between(0, nodes.length > 8 ? 2 : 1) }))
    for (const island of [0, 1, 2]) {
      conditions.split(
        islands.filter((one) => one.island === island).map(({ node }) => node.peerId),
        island,
      )
    }
    trace.write(`the network falls apart: ${islands.map(({ node, island }) => `${node.name} ${island}`).join(', ')}`)
    fabric.applyConditions()
    forAWhile(world, () => {
      conditions.join()
      trace.write('the network is one again')
    })
    return true
  },
}

const offline: Action = {
  name: 'offline',
  weight: ({ faults }) => faults.offline,
  begin(world) {
    const { dice, nodes, conditions, fabric, trace } = world
    const { name, peerId } = dice.pick(nodes)
    if (!conditions.isOnline(peerId)) return false
    conditions.setOnline(peerId, false)
    trace.write(`${name}  is offline`)
    fabric.applyConditions()
    forAWhile(world, () => {
      conditions.setOnline(peerId, true)
      trace.write(`${name}  is online`)
    })
    return true
  },
}

const oneWay: Action = {
  name: 'one way',
  weight: ({ faults }) => faults.oneWay,
  begin(world) {
    const { dice, nodes, conditions, trace } = world
    const [from, to] = [dice.pick(nodes), dice.pick(nodes)]
    if (from === to) return false
    conditions.deafen(from.peerId, to.peerId)
    trace.write(`nothing of ${from.name} reaches ${to.name}`)
    forAWhile(world, () => {
      conditions.undeafen()
      trace.write('everybody hears again')
    })
    return true
  },
}

const slow: Action = {
  name: 'slow',
  weight: ({ faults }) => faults.slow,
  begin(world) {
    const { dice, nodes, conditions, trace } = world
    const { name, peerId } = dice.pick(nodes)
    conditions.setSlow(peerId, true)
    trace.write(`${name}  is slow`)
    forAWhile(world, () => {
      conditions.setSlow(peerId, false)
      trace.write(`${name}  is not slow any more`)
    })
    return true
  },
}

const crash: Action = {
  name: 'crash',
  weight: ({ faults }) => faults.crash,
  begin(world) {
    const { dice, up, trace } = world
    if (up.length === 0) return false
    const node = dice.pick(up)
    if (dice.chance(0.3)) node.kill()
    else {
      const trap = { transactions: dice.between(1, TRAP), side: dice.pick(['before', 'after'] as const) }
      node.now.life.trap = trap
      trace.write(`${node.name}  will die ${trap.side} its ${trap.transactions}. transaction from here`)
    }
    return true
  },
}

/** What happens to people. */
export const weather: readonly Action[] = [partition, offline, oneWay, slow, crash]
