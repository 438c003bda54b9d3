import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../kernel/bytes.ts'
import { systemClock } from '../../kernel/clock.ts'
import { systemRandom } from '../../kernel/random.ts'
import { generateTransportKey } from '../create-network.ts'
import { createRelay } from './create-relay.ts'
import { answerOn, bindingAnswer, serveStun } from './stun.ts'

const TRANSACTION = 'b7e7a701bc34d686fa87dfae'
const request = (attributes = '', type = '0001', cookie = '2112a442'): Uint8Array =>
  fromHex(`${type}${(attributes.length / 2).toString(16).padStart(4, '0')}${cookie}${TRANSACTION}${attributes}`)
const answerTo = (bytes: Uint8Array, address: string, port: number): string =>
  toHex(bindingAnswer(bytes, { address, port }) ?? new Uint8Array())

describe('a Binding request', () => {
  it('is answered with the address it came from, masked as in the test vectors of RFC 5769 §2.2 and §2.3', () => {
    expect(answerTo(request(), '192.0.2.1', 32_853)).toBe(`0101000c2112a442${TRANSACTION}002000080001a147e112a643`)
    const v6 = '2001:db8:1234:5678:11:2233:4455:6677'
    expect(answerTo(request(), v6, 32_853)).toBe(`010100182112a442${TRANSACTION}002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9`)
  })

  it('may have attributes, which are passed over', () => {
    expect(answerTo(request('8022000454455354'), '192.0.2.1', 1)).toMatch(/^0101000c/)
  })

  it.each([
    ['an answer', request('', '0101')],
    ['another method', request('', '0003')],
    ['another cookie', request('', '0001', '2112a443')],
    ['a wrong length', Uint8Array.of(...request(), 0)],
    ['nothing', new Uint8Array()],
    ['half a header', request().subarray(0, 19)],
    ['one as long as a datagram', request('00'.repeat(1_000))],
  ])('that is %s is not answered', (_, bytes) => {
    expect(bindingAnswer(bytes, { address: '192.0.2.1', port: 1 })).toBeNull()
  })

  it('of any bytes gives an answer of at most 44 bytes or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, begunWell) => {
        const tried = begunWell ? Uint8Array.of(...request().subarray(0, 8), ...bytes) : bytes
        expect(bindingAnswer(tried, { address: '::1', port: 65_535 })?.length ?? 0).toBeLessThanOrEqual(44)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a server of these', () => {
  it('answers on its port, and is gone when stopped', async () => {
    const client = createSocket('udp4')
    client.bind(0, '127.0.0.1')
    await once(client, 'listening')
    const { port } = client.address()
    const taken = client.address().port
    expect(await serveStun(systemClock, { host: '127.0.0.1', port: taken })).toBeNull()
    const free = createSocket('udp4')
    free.bind(0, '127.0.0.1')
    await once(free, 'listening')
    const at = free.address().port
    free.close()
    await once(free, 'close')
    const server = await serveStun(systemClock, { host: '127.0.0.1', port: at })
    client.send(Uint8Array.of(1, 2, 3), at, '127.0.0.1')
    client.send(request(), at, '127.0.0.1')
    const [answer] = (await once(client, 'message')) as [Uint8Array]
    expect(toHex(answer)).toBe(answerTo(request(), '127.0.0.1', port))
    await server?.stop()
    const again = await serveStun(systemClock, { host: '127.0.0.1', port: at })
    expect(again).not.toBeNull()
    await again?.stop()
    client.close()
  })

  it('goes on after a datagram that cannot be answered: one from port 0, or one that comes as it stops', async () => {
    const socket = createSocket('udp4')
    answerOn(socket, systemClock)
    const comes = (port: number) => () => socket.emit('message', request(), { address: '127.0.0.1', family: 'IPv4', port, size: 20 })
    expect(comes(0)).not.toThrow()
    const closed = once(socket, 'close')
    socket.close()
    await closed
    expect(comes(9)).not.toThrow()
  })
})

describe('a relay', () => {
  it('answers these on the port of the same number as that for TCP, until it stops', async () => {
    const key = generateTransportKey(systemRandom)
    const relay = await createRelay({ clock: systemClock }, { key, listen: ['/ip4/127.0.0.1/tcp/0'], privateNetwork: true })
    const port = Number(/tcp\/(\d+)/.exec(relay.addresses()[0] ?? '')?.[1])
    const client = createSocket('udp4')
    client.send(request(), port, '127.0.0.1')
    const [answer] = (await once(client, 'message')) as [Uint8Array]
    expect(toHex(answer).slice(0, 4)).toBe('0101')
    client.close()
    await relay.stop()
    const after = await serveStun(systemClock, { host: '127.0.0.1', port })
    expect(after).not.toBeNull()
    await after?.stop()
  })
})
