import { beforeEach, describe, expect, it } from 'vitest'
import { newCountry } from './country.ts'
import { endName, whyNoRouters } from './lab.ts'
import type { Lab, Translation } from './lab.ts'
import type { Residents } from './residents.ts'

const missing = whyNoRouters()
if (missing !== null) process.stderr.write(`• the tests behind routers are left out: ${missing}\n`)

/** Both homes use the same addresses, as homes do. */
const AT_HOME = '192.168.7.2'

describe.runIf(missing === null)('two homes behind routers that translate addresses, and a relay between', { timeout: 180_000 }, () => {
  let lab: Lab
  let people: Residents
  beforeEach(() => {
    const country = newCountry()
    ;({ lab, people } = country)
    return country.dispose
  })

  /** Answers the namespaces of the home. `third`: the third number of its public network. */
  const home = (name: string, net: string, third: number, kind: Translation) => {
    const [inside, router] = [lab.namespace(name), lab.namespace(`${name}r`)]
    lab.cable({ namespace: router, addresses: [`5.5.${third}.2/24`] }, { namespace: net, addresses: [`5.5.${third}.1/24`] })
    lab.cable({ namespace: inside, addresses: [`${AT_HOME}/24`] }, { namespace: router, addresses: ['192.168.7.1/24'] })
    lab.route(inside, '192.168.7.1')
    lab.route(router, `5.5.${third}.1`)
    lab.translate(router, endName({ namespace: net }), kind, { home: AT_HOME, world: '5.5.0.0/16' })
    return { inside, router }
  }

  it.each<[Translation, Translation, 'hole-punched' | 'relayed']>([
    ['port-restricted', 'port-restricted', 'hole-punched'],
    ['symmetric', 'symmetric', 'relayed'],
    ['full-cone', 'symmetric', 'hole-punched'],
    ['full-cone', 'full-cone', 'hole-punched'],
  ])('talk, one behind a %s and one behind a %s router, and end up %s', async (ofAlice, ofBob, path) => {
    const [net, town] = [lab.namespace('net'), lab.namespace('town')]
    lab.forward(net)
    lab.cable({ namespace: town, addresses: ['5.5.3.2/24'] }, { namespace: net, addresses: ['5.5.3.1/24'] })
    lab.route(town, '5.5.3.1')
    const [alice, bob] = [home('alice', net, 1, ofAlice), home('bob', net, 2, ofBob)]
    const relay = await people.relay('relay', town, { host: '5.5.3.2', port: 4001 })
    await Promise.all([people.serve('alice', alice.inside), people.serve('bob', bob.inside)])
    await people.command('alice', 'config', 'set', 'relays', relay)
    const isPlaced = async () => (await people.status('alice')).listening.some((address) => address.includes('/p2p-circuit'))
    await people.until('a place for Alice', isPlaced)
    const channel = await people.meet('alice', 'bob')
    await people.say('alice', channel, 'from Alice')
    await people.say('bob', channel, 'from Bob')
    const all = ['from Alice', 'from Bob']
    expect([await people.texts('alice', channel), await people.texts('bob', channel)]).toEqual([all, all])
    const ways = async () => (await Promise.all(['alice', 'bob'].map((name) => people.status(name)))).map(({ peers }) => peers[0]?.path)
    await people.until(`${path} at both`, async () => (await ways()).every((way) => way === path))
    await people.say('alice', channel, 'still there?')
    expect(await ways()).toEqual([path, path])
    // No name server, no STUN server of strangers, nobody.
    expect([alice, bob].map(({ router }) => lab.toStrangers(router))).toEqual([0, 0])
  })
})
