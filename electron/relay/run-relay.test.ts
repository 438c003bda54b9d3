import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { runRelay, type RelayLine, type RunOptions } from './run-relay.ts'

describe('a relay that runs', () => {
  let folder: ReturnType<typeof tempDir>
  let stopping: AbortController
  let lines: RelayLine[]
  let running: Promise<void>

  beforeEach(() => {
    folder = tempDir()
    stopping = new AbortController()
    lines = []
    running = Promise.resolve()
  })
  afterEach(async () => {
    stopping.abort()
    await running.catch(() => undefined)
    folder.remove()
  })

  const run = (more: Partial<RunOptions> = {}): Promise<RelayLine> =>
    new Promise((resolve, reject) => {
      running = runRelay({
        ...{ dataDir: join(folder.dir, 'relay'), clock: systemClock, random: systemRandom, listen: ['/ip4/127.0.0.1/tcp/0'] },
        ...{
          announce: [],
          limits: {},
          privateNetwork: true,
          metricsPort: null,
          mailbox: false,
          logger: silentLogger,
          interrupted: stopping.signal,
        },
        print: (line) => {
          lines.push(line)
          resolve(line)
        },
        ...more,
      })
      running.catch(reject)
    })

  it('says where it is, answers a monitor with numbers, and stops when told', async () => {
    const ready = await run({ metricsPort: 0 })
    if (ready.event !== 'ready') throw new Error(ready.event)
    expect(ready.addresses).toEqual([expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/)])
    const at = `http://127.0.0.1:${ready.metrics ?? 0}`
    expect(await (await fetch(`${at}/health`)).json()).toEqual({ status: 'ok' })
    const text = await (await fetch(`${at}/metrics`)).text()
    expect(text).toMatch(/^spacepanda_relay_reservations 0$/m)
    expect(text).toMatch(/^spacepanda_relay_refused_total\{what="circuit"\} 0$/m)
    expect(text).not.toContain('12D3KooW')
    expect((await fetch(`${at}/else`)).status).toBe(404)
    expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(404)
    stopping.abort()
    await running
    expect(lines.at(-1)).toEqual({ event: 'stopped' })
    await expect(fetch(`${at}/health`)).rejects.toThrow()
  })

  it('keeps a mailbox if it is told to, in a file of its folder, and tells its numbers', async () => {
    const ready = await run({ metricsPort: 0, mailbox: true })
    if (ready.event !== 'ready') throw new Error(ready.event)
    expect(ready.mailbox).toBe(true)
    expect(statSync(join(folder.dir, 'relay', 'mailbox.db')).isFile()).toBe(true)
    const text = await (await fetch(`http://127.0.0.1:${ready.metrics ?? 0}/metrics`)).text()
    expect(text).toMatch(/^spacepanda_relay_mailbox_kept_objects 0$/m)
    expect(text).toMatch(/^spacepanda_relay_mailbox_puts_total 0$/m)
  })

  it('is the same relay the next time, by a key that only its owner can read', async () => {
    const first = await run()
    expect(statSync(join(folder.dir, 'relay', 'relay.key')).mode & 0o777).toBe(0o600)
    stopping.abort()
    await running
    stopping = new AbortController()
    const second = await run()
    expect(first.event === 'ready' && second.event === 'ready' && first.peerId === second.peerId).toBe(true)
  })

  it.each([false, true])('is the only one over its folder; a second one is told so (mailbox: %s)', async (mailbox) => {
    await run()
    const first = running
    await expect(run({ mailbox })).rejects.toMatchObject({
      ...{ code: 'in-use', message: expect.stringContaining('A relay runs over this folder already') as string },
    })
    stopping.abort()
    await first
    stopping = new AbortController()
    await run({ mailbox })
  })

  it('takes no folder of a profile, and leaves it as it is', async () => {
    const dataDir = join(folder.dir, 'Alice')
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'profile.json'), 'x')
    await expect(run({ dataDir })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('profile') as string })
    expect(readdirSync(dataDir)).toEqual(['profile.json'])
  })

  it('says how it is now and then, if anything changed, and of nobody in particular', async () => {
    const clock = new FakeClock()
    await run({ clock })
    clock.advance(60_000)
    clock.advance(60_000)
    expect(lines.map(({ event }) => event)).toEqual(['ready', 'status'])
    expect(JSON.stringify(lines[1])).not.toContain('12D3KooW')
  })

  it('starts with no damaged key, no port that is taken, and nothing that is no address', async () => {
    await expect(run({ listen: ['/ip4/127.0.0.1/udp/4001'] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(run({ listen: ['4001'] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(run({ listen: ['/ip4/192.0.2.77/tcp/4001'] })).rejects.toMatchObject({ code: 'invalid' })
    writeFileSync(join(folder.dir, 'relay', 'relay.key'), 'short')
    await expect(run()).rejects.toMatchObject({ code: 'unreadable' })
  })
})
