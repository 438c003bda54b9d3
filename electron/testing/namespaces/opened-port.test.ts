import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newCountry } from './country.ts'
import { endName, whyNoRouters } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Residents } from './residents.ts'

const missing = whyNoRouters()
if (missing !== null) process.stderr.write(`• the test of a router that lets a port in is left out: ${missing}\n`)

const [AT_HOME, GATEWAY, OUTSIDE] = ['192.168.7.2', '192.168.7.1', '5.5.1.2']

describe.runIf(missing === null)('a home whose router lets a port in when it is asked to', { timeout: 180_000 }, () => {
  let lab: Lab
  let people: Residents
  let upnp: ChildProcess | null = null
  beforeEach(() => {
    const country = newCountry()
    ;({ lab, people } = country)
    return country.dispose
  })
  afterEach(async () => {
    if (upnp === null) return
    const ended = once(upnp, 'exit')
    upnp.kill('SIGKILL')
    await ended
    upnp = null
  })

  const asksToLetIn = async (router: string, net: string): Promise<void> => {
    const program = [process.execPath, join(import.meta.dirname, 'upnp-router.ts'), GATEWAY, OUTSIDE, endName({ namespace: net })]
    upnp = spawn('ip', ['netns', 'exec', router, ...program], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (upnp.stdout !== null) await once(upnp.stdout, 'data')
  }

  it('is reached straight by it, without anybody who punches a hole', async () => {
    const [net, town] = [lab.namespace('net'), lab.namespace('town')]
    lab.forward(net)
    lab.cable({ namespace: town, addresses: ['5.5.3.2/24'] }, { namespace: net, addresses: ['5.5.3.1/24'] })
    lab.route(town, '5.5.3.1')
    const [inside, router] = [lab.namespace('alice'), lab.namespace('alicer')]
    lab.cable({ namespace: router, addresses: [`${OUTSIDE}/24`] }, { namespace: net, addresses: ['5.5.1.1/24'] })
    lab.cable({ namespace: inside, addresses: [`${AT_HOME}/24`] }, { namespace: router, addresses: [`${GATEWAY}/24`] })
    lab.route(inside, GATEWAY)
    lab.route(router, '5.5.1.1')
    lab.multicast(router, endName({ namespace: inside }))
    lab.translate(router, endName({ namespace: net }), 'port-restricted', { home: AT_HOME, world: '5.5.0.0/16' })
    await asksToLetIn(router, net)

    const relay = await people.relay('relay', town, { host: '5.5.3.2', port: 4001 })
    await people.serve('alice', inside)
    await people.command('alice', 'config', 'set', 'relays', relay)
    const opened = async () => (await people.status('alice')).listening.filter((address) => address.startsWith(`/ip4/${OUTSIDE}/tcp/`))
    await people.until('an opened port', async () => (await opened()).length > 0)
    expect(await people.found('alice')).toContain('outside-opened')

    await people.serve('bob', town)
    const channel = await people.meet('alice', 'bob')
    await people.say('bob', channel, 'from Bob')
    const path = async () => (await people.status('bob')).peers[0]?.path
    await people.until('a direct way', async () => (await path()) === 'direct')
  })
})
