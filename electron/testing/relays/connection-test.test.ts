import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionCheck } from '../../../shared/domain/connection-check.ts'
import type { Task } from '../../../shared/domain/tasks.ts'
import { joinBy, reaches, say, until, type TestNode } from '../story/test-node.ts'
import { addressOf, choose, hasPlaces, portOf, RelayTown } from './relay-town.ts'

describe('a test of the connection, with real relays', { timeout: 60_000 }, () => {
  let town: RelayTown
  let alice: TestNode
  const servers: Server[] = []

  beforeEach(async () => {
    town = new RelayTown()
    alice = await town.newcomer('Alice')
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close()
    await town.dispose()
  })

  const ended = (node: TestNode, { taskId }: Task): Promise<Task> =>
    until(node, 'the end of the test', async () => {
      const task = (await node.api['tasks.list']({})).find((known) => known.taskId === taskId)
      return task === undefined || task.state.kind === 'running' ? null : task
    })
  const found = async (node: TestNode): Promise<ConnectionCheck[]> => {
    const { state } = await ended(node, await node.api['connection.test']({}))
    if (state.kind !== 'done' || state.result.kind !== 'connection') throw new Error(`it ended as ${state.kind}`)
    return state.result.findings
  }
  const codes = async (node: TestNode): Promise<string[]> => (await found(node)).map(({ code }) => code)
  const chosen = async (...relays: string[]): Promise<void> => {
    await alice.api['reach.set']({ ...(await alice.api['reach.get']({})), relays })
  }
  /** A port of this machine that answers as it is told to. */
  const listener = async (server: Server): Promise<number> => {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    town.opens(address.port)
    return address.port
  }
  const at = (port: number, relay: string): string => relay.replace(/\/tcp\/\d+/, `/tcp/${port}`)

  it('finds everything in order where it is, and somebody there', async () => {
    const relay = await town.relayWithMailbox()
    const bob = await town.newcomer('Bob')
    await choose(alice, relay)
    await joinBy(alice, await alice.api['spaces.create']({ name: 'Friends' }), bob)
    await hasPlaces(bob, 1)
    await reaches(alice, await say(alice, 'hello'), 'delivered')
    await until(alice, 'the mailbox was asked', async () =>
      (await alice.api['connection.status']({})).mailboxes.some(({ state }) => state === 'reachable') ? true : null,
    )
    const findings = await found(alice)
    expect(findings.map(({ code }) => code)).toEqual([
      ...['device-confined', 'listening', 'nearby-off'],
      ...['relay-answers', 'place-held', 'mailbox-kept', 'outside-unknown', 'people-connected'],
    ])
    expect(findings.filter(({ status }) => status === 'failed' || status === 'warning')).toEqual([])
    expect(findings[1]?.values.ports).toMatch(/^TCP \d+$/)
    expect(findings[3]).toMatchObject({ relay: addressOf(relay).slice(-6), values: { ms: expect.any(Number) as number } })
    expect(findings.at(-1)).toMatchObject({ values: { number: 1, of: 1 }, away: [] })
    const { reachedBy, peers } = await alice.api['connection.status']({})
    expect(reachedBy).toEqual({ nearby: false, outside: 'unknown', relays: { held: 1, of: 1 } })
    expect(peers.map(({ path }) => path)).toEqual(['relayed'])

    await bob.stop()
    await until(alice, 'Bob is gone', async () =>
      (await alice.api['connection.status']({})).peers.some(({ state }) => state === 'ready') ? null : true,
    )
    const people = (await found(alice)).at(-1)
    expect(people).toMatchObject({ code: 'people-away', status: 'warning', values: { of: 1 } })
    expect(people?.away).toMatchObject([
      {
        name: 'Bob',
        lastSeenAt: expect.any(Number) as number,
        letInAt: expect.any(Number) as number,
        ways: { near: 1, far: 0, relayed: 1 },
      },
    ])
  })

  it('says that nothing listens at the address of a relay that is gone, and finds the next one in order all the same', async () => {
    const [gone, here] = [await town.relay(), await town.relay()]
    const dead = addressOf(gone)
    await town.halt(gone)
    await chosen(dead, addressOf(here))
    const findings = await found(alice)
    expect(findings.slice(3, 6).map(({ code, relay }) => [code, relay])).toEqual([
      ['relay-refuses', dead.slice(-6)],
      ['relay-answers', addressOf(here).slice(-6)],
      ['place-held', addressOf(here).slice(-6)],
    ])
    expect((await alice.api['connection.status']({})).reachedBy.relays).toEqual({ held: 1, of: 2 })
  })

  it('says that somebody else answers where the relay has another key', async () => {
    const [one, other] = [await town.relay(), await town.relay()]
    await chosen(at(portOf(one), addressOf(other)))
    expect(await codes(alice)).toContain('relay-other-key')
  })

  it('goes to the address that is written there, though a connection to the same relay is still open', async () => {
    const relay = await town.relay()
    await choose(alice, relay)
    const gone = await town.relay()
    const port = portOf(gone)
    await town.halt(gone)
    await chosen(at(port, addressOf(relay)))
    expect(await codes(alice)).toContain('relay-refuses')
    await chosen(addressOf(relay))
    expect((await codes(alice)).slice(3, 5)).toEqual(['relay-answers', 'place-held'])
    await expect.poll(() => relay.counts().connections).toBe(1)
  })

  it('says that something else answers, or nothing', async () => {
    const relay = addressOf(await town.relay())
    const shop = await listener(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    await chosen(at(shop, relay))
    expect(await codes(alice)).toContain('relay-not-understood')
    const hole = await listener(createServer(() => undefined))
    await chosen(at(hole, relay))
    expect(await codes(alice)).toContain('relay-silent')
  })

  it('tells a person from a relay, however often it is asked', async () => {
    const bob = await town.newcomer('Bob')
    const { listening } = await bob.api['connection.status']({})
    const [address = ''] = listening
    town.opens(Number(/tcp\/(\d+)/.exec(address)?.[1]))
    await chosen(address)
    for (let time = 0; time < 2; time += 1) expect((await codes(alice)).slice(3, 5)).toEqual(['relay-answers', 'place-no-relay'])
  })

  it('says that a relay gives no place', async () => {
    const relay = await town.relay({ limits: { reservations: 0 } })
    await chosen(addressOf(relay))
    expect((await codes(alice)).slice(3, 5)).toEqual(['relay-answers', 'place-refused'])
  })

  it('leaves relays alone where the local network is chosen, and says what is missing where none is', async () => {
    const relay = await town.relay()
    await chosen(addressOf(relay))
    await alice.api['reach.set']({ ...(await alice.api['reach.get']({})), reachability: 'local' })
    expect(await codes(alice)).toEqual(['device-confined', 'listening', 'nearby-off', 'relays-unused', 'people-none'])
    expect(relay.counts().connections).toBe(0)
    await alice.api['reach.set']({ ...(await alice.api['reach.get']({})), reachability: 'relays', relays: [] })
    expect(await codes(alice)).toEqual(['device-confined', 'listening', 'nearby-off', 'relays-none', 'outside-unknown', 'people-none'])
  })

  it('stops at once when it is cancelled, and there is one at a time', async () => {
    const hole = await listener(createServer(() => undefined))
    await chosen(at(hole, addressOf(await town.relay())))
    const task = await alice.api['connection.test']({})
    await expect(alice.api['connection.test']({})).rejects.toMatchObject({ code: 'conflict' })
    await alice.api['tasks.cancel'](task)
    expect((await ended(alice, task)).state).toEqual({ kind: 'cancelled' })
  })
})
