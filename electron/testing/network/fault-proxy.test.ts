import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../mls/seeded.ts'
import { createFaultProxy } from './fault-proxy.ts'
import type { FaultProxy, FaultProxyOptions } from './fault-proxy.ts'

/** Long enough for loopback to have carried what it was going to carry. */
const A_WHILE_MS = 150

/** An echo behind a proxy, and everything that is open because of it. */
describe('the fault-injecting proxy', () => {
  let echo: Server
  const behind = new Set<Socket>()
  const clients: Socket[] = []
  let proxy: FaultProxy

  beforeEach(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      behind.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => behind.delete(socket))
      socket.pipe(socket)
    })
    echo.listen(0, '127.0.0.1')
    await once(echo, 'listening')
  })
  afterEach(async () => {
    await proxy.stop()
    for (const client of clients.splice(0)) client.destroy()
    for (const socket of behind) socket.destroy()
    echo.close()
    await once(echo, 'close')
  })

  const echoPort = (): number => (echo.address() as { port: number }).port
  const through = async (options: Partial<FaultProxyOptions> = {}): Promise<void> => {
    proxy = createFaultProxy({ seed: 1, target: echoPort, ...options })
    await proxy.start()
  }
  interface Client {
    socket: Socket
    received: () => Buffer
    /** How it ended: `end` for FIN, `ECONNRESET` for RST. */
    over: Promise<string>
    /** Resolves when so much has come. */
    got(bytes: number): Promise<Buffer>
  }
  const dial = async (): Promise<Client> => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    clients.push(socket)
    const parts: Buffer[] = []
    const received = () => Buffer.concat(parts)
    const over = new Promise<string>((resolve) => {
      socket.on('error', (thrown: NodeJS.ErrnoException) => resolve(thrown.code ?? 'error'))
      socket.on('end', () => resolve('end'))
    })
    let wake: () => void = () => undefined
    socket.on('data', (chunk: Buffer) => {
      parts.push(chunk)
      wake()
    })
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve)
      socket.once('close', () => resolve())
    })
    const got = async (bytes: number): Promise<Buffer> => {
      while (received().length < bytes) await new Promise<void>((resolve) => (wake = resolve))
      return received()
    }
    return { socket, received, over, got }
  }

  it('carries bytes both ways, unchanged and in order, and counts them', async () => {
    await through({ faults: { delayMs: [0, 3] } })
    const sent = Buffer.from(seededRandom('bytes').bytes(500_000))
    const client = await dial()
    client.socket.write(sent)
    const back = await client.got(sent.length)
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(hash(back)).toBe(hash(sent))
    expect(proxy.counts).toMatchObject({ accepted: 1, reset: 0, corrupted: 0, bytes: 2 * sent.length })
  })

  it('carries an end of one side to the other, which may still answer', async () => {
    await through()
    const client = await dial()
    client.socket.end('last words')
    expect(await client.over).toBe('end')
    expect(client.received().toString()).toBe('last words')
  })

  it('resets what is open, or ends it in order, and lets new connections pass', async () => {
    await through()
    const [one, other] = [await dial(), await dial()]
    one.socket.write('a')
    other.socket.write('b')
    await Promise.all([one.got(1), other.got(1)])
    proxy.cut('reset')
    expect(await one.over).toBe('ECONNRESET')
    expect(await other.over).toBe('ECONNRESET')
    const third = await dial()
    third.socket.write('c')
    await third.got(1)
    proxy.cut('end')
    expect(await third.over).toBe('end')
    expect(proxy.counts).toMatchObject({ accepted: 3, reset: 2, ended: 1 })
    expect(proxy.log).toEqual(['1 accepted', '2 accepted', '1 reset: cut', '2 reset: cut', '3 accepted', '3 ended'])
  })

  it('stalls: nothing passes and nobody is told, new connections lead nowhere, and all of it goes on later', async () => {
    await through()
    const open = await dial()
    open.socket.write('before')
    await open.got(6)
    proxy.mode('stall')
    open.socket.write(' after')
    const fresh = await dial()
    fresh.socket.write('hello')
    await sleep(A_WHILE_MS)
    expect([open.received().toString(), fresh.received().toString(), behind.size]).toEqual(['before', '', 1])
    proxy.mode('carry')
    expect((await open.got(12)).toString()).toBe('before after')
    expect((await fresh.got(5)).toString()).toBe('hello')
  })

  it('refuses as if nobody were there, until it carries again', async () => {
    await through()
    const open = await dial()
    open.socket.write('a')
    await open.got(1)
    proxy.mode('refuse')
    expect(await open.over).toBe('ECONNRESET')
    const refused = await dial()
    expect(await refused.over).toBe('ECONNRESET')
    proxy.mode('carry')
    const again = await dial()
    again.socket.write('b')
    await again.got(1)
    expect(proxy.counts).toMatchObject({ accepted: 2, refused: 1, reset: 1 })
  })

  it('accepts and leads nowhere, for as long as the connection lasts', async () => {
    await through({ faults: { swallow: 1 } })
    const client = await dial()
    client.socket.write('hello')
    await sleep(A_WHILE_MS)
    expect([client.received().length, behind.size, proxy.counts.swallowed]).toEqual([0, 0, 1])
    proxy.cut('reset')
    expect(await client.over).toBe('ECONNRESET')
  })

  it('turns bits, one in each piece it is unlucky with', async () => {
    await through({ faults: { corrupt: 1 } })
    const client = await dial()
    client.socket.write(Buffer.alloc(1_000))
    const back = await client.got(1_000)
    const turned = back.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    // once on the way there and once on the way back, unless TCP cut it into more pieces, or the same bit was turned back
    expect(proxy.counts.corrupted).toBeGreaterThanOrEqual(2)
    expect(turned).toBeGreaterThan(0)
    expect(turned).toBeLessThanOrEqual(proxy.counts.corrupted)
  })

  it('is no faster than it is told', async () => {
    await through({ faults: { bytesPerSecond: 10 } })
    const client = await dial()
    client.socket.write(Buffer.alloc(1_000))
    await sleep(A_WHILE_MS)
    expect([client.received().length, proxy.counts.accepted, proxy.counts.bytes]).toEqual([0, 1, 0])
    proxy.set({ bytesPerSecond: 1_000_000 })
    const other = await dial()
    other.socket.write(Buffer.alloc(1_000))
    await other.got(1_000)
  })

  it('does by the same seed the same to the same connections', async () => {
    const swallowedOf = async (seed: number): Promise<string[]> => {
      await through({ seed, faults: { swallow: 0.5 } })
      for (let i = 0; i < 12; i += 1) (await dial()).socket.on('error', () => undefined)
      while (proxy.counts.accepted + proxy.counts.swallowed < 12) await sleep(5)
      const log = [...proxy.log]
      await proxy.stop()
      return log
    }
    const first = await swallowedOf(5)
    expect(await swallowedOf(5)).toEqual(first)
    expect(await swallowedOf(6)).not.toEqual(first)
  })

  it('resets by chance', async () => {
    await through({ faults: { reset: 1 } })
    const client = await dial()
    client.socket.write('a')
    expect(await client.over).toBe('ECONNRESET')
    expect(proxy.log.at(-1)).toBe('1 reset: by chance')
  })

  it('tells the caller when nobody is behind it', async () => {
    await through({ target: () => 1 })
    expect(await (await dial()).over).toBe('ECONNRESET')
  })

  it('leaves nothing open when it stops: neither what it carries, nor what waits, stalls, or leads nowhere', async () => {
    await through({ faults: { delayMs: [60_000, 60_000] } })
    const slow = await dial()
    slow.socket.write('never')
    proxy.set({ swallow: 1 })
    const swallowed = await dial()
    proxy.set({ swallow: 0 })
    proxy.mode('stall')
    const stalled = await dial()
    while (proxy.counts.accepted + proxy.counts.swallowed < 3) await sleep(5)
    await proxy.stop()
    for (const client of [slow, swallowed, stalled]) expect(await client.over).toBe('ECONNRESET')
    await expect.poll(() => behind.size).toBe(0)
    await proxy.stop()
    await expect(dial()).rejects.toThrow('the proxy does not listen')
  })

  it('stops also what it is ending at that moment', async () => {
    await through()
    const client = await dial()
    client.socket.write('said')
    await client.got(4)
    proxy.cut('end')
    await proxy.stop()
    expect(await client.over).toMatch(/end|ECONNRESET/)
    await expect.poll(() => behind.size).toBe(0)
  })
})
