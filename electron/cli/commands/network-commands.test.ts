import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionCheck } from '../../../shared/domain/connection-check.ts'
import { PASSPHRASE, newcomer } from '../../testing/story/test-node.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { checkWords } from '../connection-words.ts'
import { runCli } from '../run-cli.ts'

describe('network test', { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  beforeEach(async () => {
    folder = tempDir()
    const alice = await newcomer(folder.dir, 'Alice')
    await alice.stop()
  })
  afterEach(() => folder.remove())

  async function run(...argv: string[]) {
    const [out, err]: [string[], string[]] = [[], []]
    const host = Object.assign(new EventEmitter(), {
      platform: process.platform,
      env: { SPACEPANDA_DATA_DIR: join(folder.dir, 'Alice'), SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback' },
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => err.push(text) },
    })
    const status = await runCli(argv, host as unknown as NodeJS.Process)
    return { status, out: out.join(''), err: err.join('') }
  }

  it('says what it found in lines and in JSON, and ends well where nothing has failed', async () => {
    const { status, out, err } = await run('network', 'test')
    expect(status).toBe(0)
    expect(err).toContain('Testing the connection…')
    expect(out).toMatch(/^- {5}SpacePanda was started for this computer alone\..*\nok {4}SpacePanda listens: TCP \d+(, UDP \d+)?\.\n/)
    expect(out).toMatch(/\nWARN {2}No relay is chosen.*\n {6}Add a relay/)
    const { ok, checks } = JSON.parse((await run('network', 'test', '--json')).out) as { ok: boolean; checks: ConnectionCheck[] }
    expect(ok).toBe(true)
    expect(checks[1]).toMatchObject({
      code: 'listening',
      status: 'ok',
      relay: null,
      says: expect.stringContaining('TCP') as string,
      remedy: '',
    })
  })

  it('ends with status 1 where something failed, and names the relay', async () => {
    const relay = '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p'
    await run('config', 'set', 'relays', relay)
    const { status, out } = await run('network', 'test')
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(/\nBAD {3}Relay …aoDd2p: Nothing listens at the address of this relay\.\n {6}Ask/),
    ])
    expect(JSON.parse((await run('network', 'test', '--json')).out)).toMatchObject({ ok: false })
  })

  it('says in the status whether others reach this device', async () => {
    const { out } = await run('status')
    expect(out).toContain('As far as is known nobody on another computer reaches it')
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ reachedBy: { nearby: false, relays: { held: 0, of: 0 } } })
  })
})

it('says of people who are away when they were here, and where they are looked for', () => {
  const away = [
    { name: 'Bob', lastSeenAt: Date.UTC(2026, 0, 2, 12), letInAt: 1, ways: { near: 1, far: 0, relayed: 2 } },
    { name: 'Paul', lastSeenAt: null, letInAt: Date.UTC(2026, 0, 3, 12), ways: { near: 0, far: 0, relayed: 0 } },
    { name: 'Eve', lastSeenAt: null, letInAt: null, ways: { near: 0, far: 0, relayed: 0 } },
  ]
  expect(checkWords({ code: 'people-away', status: 'warning', relay: null, values: { of: 2 }, away }).split('\n')).toEqual([
    'WARN  Nobody is connected. People in your spaces: 2.',
    expect.stringContaining('They may be offline.'),
    expect.stringMatching(/^ {6}Bob: last connected .*2026.*; addresses to try: 1 on this network, 2 by a relay$/),
    expect.stringMatching(/^ {6}Paul: joined through this device .*2026.*; no address to try$/),
    '      Eve: never connected with this device; no address to try',
  ])
})
