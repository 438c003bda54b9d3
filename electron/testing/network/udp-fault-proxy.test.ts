import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QUEUE_BYTES } from './udp-fault-link.ts'
import { createUdpFaultProxy } from './udp-fault-proxy.ts'
import type { DatagramFaults, UdpFaultProxy } from './udp-fault-proxy.ts'

/** An echo behind a proxy, which keeps what it was sent. */
describe('the fault-injecting proxy for datagrams', () => {
  let echo: Socket
  let reached: { text: string; port: number }[]
  const sockets: Socket[] = []
  let proxy: UdpFaultProxy

  beforeEach(async () => {
    echo = await bound()
    reached = []
    echo.on('message', (datagram: Buffer, { port }: RemoteInfo) => {
      reached.push({ text: datagram.toString(), port })
      echo.send(datagram, port, '127.0.0.1')
    })
  })
  afterEach(async () => {
    await proxy.stop()
    for (const socket of sockets.splice(0)) socket.close()
  })

  async function bound(): Promise<Socket> {
    const socket = createSocket('udp4')
    sockets.push(socket)
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return socket
  }
  async function through(faults: Partial<DatagramFaults> = {}, seed = 1): Promise<void> {
    proxy = createUdpFaultProxy({ seed, target: () => echo.address().port, faults })
    await proxy.start()
  }
  interface Client {
    got: string[]
    send(text: string | Buffer): void
    close(): void
  }
  async function client(): Promise<Client> {
    const socket = await bound()
    const got: string[] = []
    socket.on('message', (datagram: Buffer) => got.push(datagram.toString()))
    return { got, send: (text) => socket.send(text, proxy.port, '127.0.0.1'), close: () => socket.close() }
  }
  /** The names of so many datagrams. */
  const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`)
  const texts = (): string[] => reached.map(({ text }) => text)
  /** All that was sent has met its fate: carried to where it goes, or not at all. */
  const decided = (count: number) =>
    expect
      .poll(() => proxy.counts.carried + proxy.counts.lost + proxy.counts.crowdedOut + proxy.counts.cut - proxy.counts.duplicated)
      .toBe(count)

  it('carries datagrams both ways, each client by a socket of its own', async () => {
    await through()
    const [one, other] = [await client(), await client()]
    for (const name of names(50)) one.send(`one ${name}`)
    for (const name of names(50)) other.send(`other ${name}`)
    await expect.poll(() => [one.got.length, other.got.length]).toEqual([50, 50])
    expect(one.got).toEqual(names(50).map((name) => `one ${name}`))
    expect(other.got).toEqual(names(50).map((name) => `other ${name}`))
    expect(new Set(reached.map(({ port }) => port)).size).toBe(2)
    expect(proxy.counts).toMatchObject({ carried: 200, lost: 0, overtaken: 0, duplicated: 0, corrupted: 0, crowdedOut: 0, cut: 0 })
  })

  it('loses some', async () => {
    await through({ loss: 1 })
    const one = await client()
    one.send('never')
    await decided(1)
    proxy.set({ loss: 0 })
    one.send('now')
    await expect.poll(() => one.got).toEqual(['now'])
    expect(texts()).toEqual(['now'])
    expect(proxy.counts.lost).toBe(1)
  })

  it('keeps the order of what it only delays', async () => {
    await through({ delayMs: [0, 20] })
    const one = await client()
    for (const name of names(100)) one.send(name)
    await expect.poll(() => one.got.length).toBe(100)
    expect(one.got).toEqual(names(100))
  })

  it('has others overtake some, and loses none by that', async () => {
    await through({ reorder: 0.3, reorderMs: 30 })
    const one = await client()
    for (const name of names(100)) one.send(name)
    await expect.poll(() => one.got.length).toBe(100)
    expect(texts()).not.toEqual(names(100))
    expect(one.got.toSorted()).toEqual(names(100).toSorted())
    expect(proxy.counts.overtaken).toBeGreaterThan(10)
  })

  it('brings some twice', async () => {
    await through({ duplicate: 1 })
    const one = await client()
    one.send('again')
    await expect.poll(() => one.got).toEqual(['again', 'again', 'again', 'again'])
    expect(texts()).toEqual(['again', 'again'])
  })

  it('turns one bit of some, and leaves what has none', async () => {
    await through({ corrupt: 1 })
    const one = await client()
    one.send(Buffer.alloc(1_000))
    one.send(Buffer.alloc(0))
    await expect.poll(() => reached.length).toBe(2)
    const [turned, empty] = texts()
    expect([...Buffer.from(turned ?? '', 'latin1')].filter((byte) => byte !== 0)).toHaveLength(1)
    expect(empty).toBe('')
  })

  it('is no faster than it is told, and drops what its queue has no room for', async () => {
    await through({ bytesPerSecond: 1 })
    const one = await client()
    const size = 1_024
    const most = QUEUE_BYTES / size
    for (const name of names(most + 6)) one.send(Buffer.alloc(size, name))
    await expect.poll(() => proxy.counts.crowdedOut).toBe(6)
    expect(reached).toEqual([])
    proxy.cut()
    expect(proxy.counts.cut).toBe(most)
    proxy.mend()
    proxy.set({ bytesPerSecond: 1_000_000 })
    for (const name of names(10)) one.send(name)
    await expect.poll(() => one.got).toEqual(names(10))
  })

  it('drops everything while it is cut, also what was under way, and goes on when mended', async () => {
    await through({ delayMs: [60_000, 60_000] })
    const one = await client()
    one.send('under way')
    await expect.poll(() => proxy.clients).toBe(1)
    proxy.cut()
    proxy.set({ delayMs: [0, 0] })
    one.send('meanwhile')
    await decided(2)
    expect(proxy.counts.cut).toBe(2)
    proxy.mend()
    one.send('after')
    await expect.poll(() => one.got).toEqual(['after'])
    expect(texts()).toEqual(['after'])
  })

  it('does by the same seed the same to the same datagrams', async () => {
    const outcome = async (seed: number): Promise<[string[], object]> => {
      reached = []
      await through({ loss: 0.3, duplicate: 0.2, corrupt: 0.2 }, seed)
      const one = await client()
      for (const name of names(60)) one.send(`datagram ${name}`)
      const there = () => proxy.counts.lost + reached.length
      await expect.poll(there).toBeGreaterThanOrEqual(60)
      await proxy.stop()
      return [texts(), proxy.counts]
    }
    const [first] = await outcome(5)
    expect((await outcome(5))[0]).toEqual(first)
    expect((await outcome(6))[0]).not.toEqual(first)
  })

  it('has no more sockets than it may, and leaves behind who was heard longest ago', async () => {
    await through()
    const all: Client[] = []
    for (let n = 0; n < 70; n++) {
      const one = await client()
      all.push(one)
      one.send(`${n}`)
      await expect.poll(() => one.got).toEqual([`${n}`])
    }
    expect(proxy.clients).toBe(64)
    const [first] = all
    first?.send('once more')
    await expect.poll(() => first?.got).toEqual(['0', 'once more'])
    expect(proxy.clients).toBe(64)
  })

  it('keeps nothing for a target that is not there', async () => {
    await through()
    echo.close()
    sockets.splice(sockets.indexOf(echo), 1)
    const nobody = createUdpFaultProxy({ seed: 1, target: () => 1 })
    await nobody.start()
    const socket = await bound()
    for (const name of names(3)) socket.send(name, nobody.port, '127.0.0.1')
    await expect.poll(() => nobody.counts.carried).toBe(3)
    await nobody.stop()
  })

  it('leaves neither socket nor timer when it stops, and may be stopped twice', async () => {
    await through({ delayMs: [60_000, 60_000] })
    const one = await client()
    one.send('never')
    await expect.poll(() => proxy.clients).toBe(1)
    const { port } = proxy
    await proxy.stop()
    await proxy.stop()
    expect(proxy.clients).toBe(0)
    const again = createSocket('udp4')
    sockets.push(again)
    again.bind(port, '127.0.0.1')
    await once(again, 'listening')
    expect(reached).toEqual([])
  })
})
