import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newcomer, PASSPHRASE } from '../../testing/story/test-node.ts'
import type { TestNode } from '../../testing/story/test-node.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { runCli } from '../run-cli.ts'

describe('config', () => {
  const relay = '/ip4/203.0.113.7/tcp/4001/p2p/12D3KooWSLNDGRsMY8E9ZisKhTi7pj82yMoERGQEpfhYSf2Be9wx'
  let folder: ReturnType<typeof tempDir>
  let alice: TestNode
  beforeEach(async () => {
    folder = tempDir()
    // Commands reach the one that runs.
    alice = await newcomer(folder.dir, 'Alice')
  })
  afterEach(async () => {
    await alice.stop()
    folder.remove()
  })

  async function run(...argv: string[]) {
    const out: string[] = []
    const host = Object.assign(new EventEmitter(), {
      platform: process.platform,
      env: { SPACEPANDA_DATA_DIR: join(folder.dir, 'Alice'), SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback' },
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: () => undefined },
    })
    const status = await runCli(['--json', 'config', ...argv], host as unknown as NodeJS.Process)
    return { status, said: JSON.parse(out.join('')) as Record<string, unknown> }
  }

  it('gets and sets by whom one is found, of the node that runs', async () => {
    expect(await run('get', 'reachability')).toEqual({ status: 0, said: { key: 'reachability', value: 'relays' } })
    expect(await run('set', 'reachability', 'local')).toEqual({ status: 0, said: { key: 'reachability', value: 'local' } })
    expect(await run('set', 'relays', `${relay}, ${relay.replace('/p2p/', '/ws/p2p/').replace('Be9wx', 'Be9wy')}`)).toMatchObject({
      status: 0,
    })
    expect((await alice.api['reach.get']({})).relays).toHaveLength(2)
    expect(await run('set', 'relays', '')).toEqual({ status: 0, said: { key: 'relays', value: '' } })
    expect(await alice.api['reach.get']({})).toEqual({ reachability: 'local', relays: [], invitedRelays: [], bootstrap: [] })
  })

  it('refuses what is no setting, no level and no relay, in words, and changes nothing', async () => {
    expect(await run('get', 'colour')).toMatchObject({ status: 2, said: { error: { code: 'usage' } } })
    expect(await run('set', 'reachability', 'everywhere')).toMatchObject({ status: 2, said: { error: { code: 'usage' } } })
    expect(await run('set', 'relays', `${relay},nonsense`)).toMatchObject({ said: { error: { code: 'invalid' } } })
    const status = await alice.api['profile.status']({})
    const own = status.kind === 'open' ? relay.replace(/[^/]+$/, status.profile.peerId) : expect.unreachable('it is open')
    for (const key of ['relays', 'bootstrap'])
      expect(await run('set', key, own)).toMatchObject({
        said: { error: { code: 'invalid', message: 'This is the address of this device.' } },
      })
    expect(await run('set', 'bootstrap', '/dns4/example.org/tcp/1')).toMatchObject({ said: { error: { code: 'invalid' } } })
    expect(await alice.api['reach.get']({})).toEqual({ reachability: 'relays', relays: [], invitedRelays: [], bootstrap: [] })
  })
})
