import { beforeEach, describe, expect, it } from 'vitest'
import { newCountry } from './country.ts'
import { endName, whyNot } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Residents } from './residents.ts'

const missing = whyNot()
if (missing !== null) process.stderr.write(`• the tests in network namespaces are left out: ${missing}\n`)

describe.runIf(missing === null)('real processes in networks of their own', { timeout: 180_000 }, () => {
  let lab: Lab
  let people: Residents
  beforeEach(() => {
    const country = newCountry()
    ;({ lab, people } = country)
    return country.dispose
  })

  /** Two homes, and a machine between them that either can reach and that forwards nothing: as behind routers that let nothing in. */
  const homes = () => {
    const [alice, bob, middle] = [lab.namespace('alice'), lab.namespace('bob'), lab.namespace('middle')]
    lab.cable({ namespace: alice, addresses: ['10.71.0.2/24'] }, { namespace: middle, addresses: ['10.71.0.1/24'] })
    lab.cable({ namespace: bob, addresses: ['10.72.0.2/24'] }, { namespace: middle, addresses: ['10.72.0.1/24'] })
    lab.route(alice, '10.71.0.1')
    lab.route(bob, '10.72.0.1')
    return { alice, bob, middle }
  }
  /** One network, and both in it. */
  const together = (forAlice: string, forBob: string) => {
    const [alice, bob] = [lab.namespace('alice'), lab.namespace('bob')]
    lab.cable({ namespace: alice, addresses: [forAlice] }, { namespace: bob, addresses: [forBob] })
    return { alice, bob }
  }
  const places = async (name: string) => (await people.status(name)).listening.filter((address) => address.includes('/p2p-circuit')).length

  it('join and talk by a relay that stands between two homes, and by the second when it dies', async () => {
    const { alice, bob, middle } = homes()
    const relays = [
      await people.relay('first', middle, { host: '10.71.0.1', port: 4001 }),
      await people.relay('second', middle, { host: '10.71.0.1', port: 4002 }),
    ]
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    await people.command('alice', 'config', 'set', 'relays', relays.join(','))
    await people.until('places for Alice', async () => (await places('alice')) === 2)
    const channel = await people.meet('alice', 'bob')
    await people.say('alice', channel, 'from Alice')
    await people.say('bob', channel, 'from Bob')
    expect((await people.status('alice')).peers).toMatchObject([{ state: 'ready', path: 'relayed' }])
    expect((await people.command('bob', 'config', 'get', 'invited-relays'))['value']).toContain('/tcp/4002/')

    await people.until('places for Bob', async () => (await places('bob')) === 2)
    await people.kill('first')
    await people.say('alice', channel, 'after the first died')
    await people.say('bob', channel, 'I hear you')
    const all = ['I hear you', 'after the first died', 'from Alice', 'from Bob']
    expect([await people.texts('alice', channel), await people.texts('bob', channel)]).toEqual([all, all])
  })

  it('go on after one of them moved to another address', async () => {
    const { alice, bob } = together('10.73.0.1/16', '10.73.0.2/16')
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    const channel = await people.meet('alice', 'bob')
    await people.say('alice', channel, 'before')
    lab.move(bob, endName({ namespace: alice }), '10.73.0.2/16', '10.73.9.9/16')
    await people.sayLater('alice', channel, 'meanwhile')
    await people.say('bob', channel, 'I moved')
    await people.say('alice', channel, 'after')
    const all = ['I moved', 'after', 'before', 'meanwhile']
    expect([await people.texts('alice', channel), await people.texts('bob', channel)]).toEqual([all, all])
    expect((await people.status('bob')).listening.join()).toContain('10.73.9.9')
  })

  it('notice that the other is gone without a word, keep what is said, and bring it when the cable is in again', async () => {
    const { alice, bob } = together('10.74.0.1/24', '10.74.0.2/24')
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    const channel = await people.meet('alice', 'bob')
    await people.say('alice', channel, 'before')
    lab.plug(bob, endName({ namespace: alice }), 'down')
    const isAlone = async () => (await people.status('alice')).peers.every(({ state }) => state !== 'ready')
    await people.until('Bob is gone', isAlone)
    await people.sayLater('alice', channel, 'are you there?')
    lab.plug(bob, endName({ namespace: alice }), 'up')
    await people.say('bob', channel, 'now I am')
    await people.say('alice', channel, 'good')
    const all = ['are you there?', 'before', 'good', 'now I am']
    expect(await people.texts('bob', channel)).toEqual(all)
  })

  it('are told what is wrong when they test their connection: nothing, then a cable that is out, then an address that leads nowhere', async () => {
    const { alice, bob } = together('10.75.0.1/24', '10.75.0.2/24')
    lab.multicast(alice, endName({ namespace: bob }))
    lab.multicast(bob, endName({ namespace: alice }))
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    const relay = await people.relay('relay', bob, { host: '10.75.0.2', port: 4001 })
    await people.meet('alice', 'bob')
    await people.command('alice', 'config', 'set', 'relays', relay)
    await people.until('Bob is seen', async () => (await people.found('alice')).includes('nearby-met'))
    const [device, ways] = [
      ['device-online', 'listening', 'nearby-met'],
      ['outside-unknown', 'people-connected'],
    ]
    expect(await people.found('alice')).toEqual([...device, 'relay-answers', 'place-held', expect.stringMatching(/^mailbox-/), ...ways])
    expect((await people.status('alice')).reachedBy).toEqual({ nearby: true, outside: 'unknown', relays: { held: 1, of: 1 } })

    await people.command('alice', 'config', 'set', 'relays', relay.replace('10.75.0.2', '10.99.0.2'))
    const dead = (await people.found('alice')).filter((code) => code.startsWith('relay-') || code.startsWith('place-'))
    expect(dead).toEqual([expect.stringMatching(/^relay-(?:no-way|silent)$/)])

    lab.plug(alice, endName({ namespace: bob }), 'down')
    const found = await people.found('alice')
    expect(found).toEqual(expect.arrayContaining(['device-offline', 'relay-no-way']))
    expect((await people.status('alice')).reachedBy.nearby).toBe(false)
  })

  it('leave the relay as soon as a straight way is there, confirm to each other that it is one, and do not lose each other over that', async () => {
    const [alice, bob, middle] = [lab.namespace('alice'), lab.namespace('bob'), lab.namespace('middle')]
    lab.cable({ namespace: alice, addresses: ['5.9.7.2/24'] }, { namespace: middle, addresses: ['5.9.7.1/24'] })
    lab.cable({ namespace: bob, addresses: ['6.8.4.2/24'] }, { namespace: middle, addresses: ['6.8.4.1/24'] })
    lab.route(alice, '5.9.7.1')
    lab.route(bob, '6.8.4.1')
    const relays = [
      await people.relay('first', middle, { host: '5.9.7.1', port: 4001 }),
      await people.relay('second', middle, { host: '5.9.7.1', port: 4002 }),
    ]
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    await people.command('alice', 'config', 'set', 'relays', String(relays[0]))
    await people.until('a place for Alice', async () => (await places('alice')) === 1)
    const channel = await people.meet('alice', 'bob')
    expect(await people.status('alice')).toMatchObject({ reachedBy: { outside: 'seen' }, peers: [{ path: 'relayed' }] })

    lab.forward(middle)
    // News of where she is has Bob look at once.
    await people.command('alice', 'config', 'set', 'relays', relays.join(','))
    const isConfirmed = async (name: string) => (await people.status(name)).reachedBy.outside === 'confirmed'
    await people.until('both are confirmed', async () => (await isConfirmed('alice')) && (await isConfirmed('bob')))
    await people.say('alice', channel, 'straight')
    expect((await people.status('bob')).peers).toMatchObject([
      { state: 'ready', path: expect.stringMatching(/direct|hole-punched/) as string },
    ])
    expect(await people.found('alice')).toEqual(expect.arrayContaining(['outside-confirmed', 'people-connected']))
  })

  it('need no IPv4, with a relay or without', async () => {
    const { alice, bob } = together('fd71::1/64', 'fd71::2/64')
    await Promise.all([people.serve('alice', alice), people.serve('bob', bob)])
    const relay = await people.relay('relay', alice, { host: 'fd71::1', port: 4001 })
    await people.command('alice', 'config', 'set', 'relays', relay)
    await people.until('a place for Alice', async () => (await places('alice')) === 1)
    const channel = await people.meet('alice', 'bob')
    await people.say('alice', channel, 'hello')
    await people.say('bob', channel, 'hello yourself')
    expect((await people.status('bob')).peers).toMatchObject([{ state: 'ready', path: 'direct' }])
  })
})
