import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { result, run, stream } from './command-line.ts'
import type { Stream } from './command-line.ts'

const text = (line: Record<string, unknown>): string => (line['message'] as { text: string }).text
const textsIn = (page: Record<string, unknown>): string[] => (page['messages'] as { text: string }[]).map((m) => m.text)

/** Real processes: three nodes that serve, and commands that reach them over their sockets. */
describe('the command line', { timeout: 120_000 }, () => {
  let folder: ReturnType<typeof tempDir>
  const running = new Set<Stream>()
  const serve = async (name: string): Promise<Stream> => {
    const node = stream(dir(name), 'serve')
    running.add(node)
    await node.next((line) => line['event'] === 'ready')
    return node
  }
  const listen = (name: string): Stream => {
    const listener = stream(dir(name), 'listen')
    running.add(listener)
    return listener
  }
  const halt = async (node: Stream): Promise<void> => {
    running.delete(node)
    expect(await node.stop()).toBe(0)
  }
  const dir = (name: string) => join(folder.dir, name)

  beforeEach(() => {
    folder = tempDir()
  })
  afterEach(async () => {
    await Promise.all([...running].map((one) => one.stop('SIGKILL')))
    running.clear()
    folder.remove()
  })

  it('carries three people from nothing to a conversation that survives restarts', async () => {
    const names = ['alice', 'bob', 'carol']
    for (const name of names) expect(await result(dir(name), 'init', '--name', name)).toMatchObject({ name })
    let [alice, bob, carol] = await Promise.all([serve('alice'), serve('bob'), serve('carol')])
    const space = await result(dir('alice'), 'space', 'create', 'Friends')
    const spaceId = space['spaceId'] as string
    const channel = (space['channels'] as { channelId: string; name: string }[])[0]
    expect(channel?.name).toBe('general')
    const channelId = channel?.channelId ?? ''
    const link = async () => (await result(dir('alice'), 'invite', '--space', spaceId, '--expires', '1h'))['link'] as string

    expect(await result(dir('bob'), 'join', await link(), '--timeout', '30')).toEqual({ spaceId, channels: space['channels'] })
    const bobHears = listen('bob')
    await bobHears.next((line) => line['event'] === 'connection')
    expect(await result(dir('alice'), 'send', '--channel', channelId, 'hello bob', '--wait', 'delivered')).toMatchObject({
      state: 'delivered',
    })
    expect(text(await bobHears.next((line) => line['event'] === 'message'))).toBe('hello bob')
    await result(dir('bob'), 'send', '--channel', channelId, 'hello alice', '--wait', 'delivered')

    await result(dir('carol'), 'join', await link(), '--timeout', '30')
    await result(dir('alice'), 'send', '--channel', channelId, 'hello all', '--wait', 'delivered')
    expect(textsIn(await result(dir('carol'), 'history', '--channel', channelId))).toEqual(['hello all'])
    expect(textsIn(await result(dir('bob'), 'history', '--channel', channelId))).toEqual(['hello bob', 'hello alice', 'hello all'])
    const members = (await result(dir('carol'), 'members', '--space', spaceId))['members'] as {
      name: string
      role: string
      online: boolean
    }[]
    expect(members.map(({ name, role, online }) => [name, role, online])).toEqual([
      ['alice', 'owner', true],
      ['bob', 'member', true],
      ['carol', 'member', true],
    ])

    await halt(bobHears)
    for (const node of [alice, bob, carol]) await halt(node)
    ;[alice, carol] = await Promise.all([serve('alice'), serve('carol')])
    const waiting = await result(dir('alice'), 'send', '--channel', channelId, 'bob is away', '--wait', 'held')
    expect(waiting).toMatchObject({ state: 'held' })
    const status = await result(dir('alice'), 'status')
    expect(status['queued']).toMatchObject([{ channelId, messages: 1, people: [{ name: 'bob', messages: 1 }], morePeople: 0, held: null }])
    expect(status['places']).toMatchObject([
      { spaceId, channelName: '', connected: 1, of: 2, people: [{ name: 'carol' }, { name: 'bob' }] },
    ])
    const aliceHears = listen('alice')
    await aliceHears.next((line) => line['event'] === 'connection')
    bob = await serve('bob')
    await aliceHears.next((line) => line['event'] === 'receipt' && line['state'] === 'delivered')
    expect(textsIn(await result(dir('bob'), 'history', '--channel', channelId, '--limit', '1'))).toEqual(['bob is away'])
  })

  it('works without a node that serves, one command at a time', async () => {
    await result(dir('alice'), 'init', '--name', 'Alice')
    const { spaceId } = await result(dir('alice'), 'space', 'create', 'Notes')
    const made = await result(dir('alice'), 'channel', 'create', 'ideas', '--space', spaceId as string)
    const channelId = made['channelId'] as string
    expect((await run(dir('alice'), ['send', '--channel', channelId], {}, 'from\nstandard input\n')).status).toBe(0)
    expect(textsIn(await result(dir('alice'), 'history', '--channel', channelId))).toEqual(['from\nstandard input'])
    expect((await result(dir('alice'), 'channel', 'list'))['channels']).toHaveLength(2)
    expect(statSync(dir('alice')).mode & 0o777).toBe(0o700)
  })

  it('opens its socket to its user alone', async () => {
    await result(dir('alice'), 'init', '--name', 'Alice')
    await serve('alice')
    expect(statSync(join(dir('alice'), 'control.sock')).mode & 0o777).toBe(0o600)
  })

  it('says what is wrong by code and exit status', async () => {
    await result(dir('alice'), 'init', '--name', 'Alice')
    const zeros = '0'.repeat(32)
    const cases: [string[], NodeJS.ProcessEnv, number, string][] = [
      [['whoami', '--nonsense'], {}, 2, 'usage'],
      [['send', '--channel', 'zz', 'text'], {}, 2, 'usage'],
      [['whoami'], { SPACEPANDA_PASSPHRASE: 'not the passphrase' }, 4, 'wrong-passphrase'],
      [['whoami'], { SPACEPANDA_PASSPHRASE: undefined }, 4, 'passphrase-required'],
      [['history', '--channel', zeros], {}, 5, 'not-found'],
      [['join', 'spacepanda:join/AAAA'], {}, 1, 'invitation-malformed'],
      [['init', '--name', 'Again'], {}, 1, 'profile-exists'],
    ]
    for (const [args, env, status, code] of cases) {
      const ended = await run(dir('alice'), args, env)
      expect([args[0], ended.status, ended.lines.map((line) => line['error'])]).toMatchObject([args[0], status, [{ code }]])
    }
    expect((await run(dir('nobody'), ['whoami'])).status).toBe(3)
    expect((await run(dir('bob'), ['init', '--name', 'Bob'], { SPACEPANDA_PASSPHRASE: undefined })).status).toBe(4)
  })

  it('gives up waiting when the time is over, and the join goes on', async () => {
    await result(dir('alice'), 'init', '--name', 'Alice')
    await result(dir('bob'), 'init', '--name', 'Bob')
    const alice = await serve('alice')
    const { spaceId } = await result(dir('alice'), 'space', 'create', 'Friends')
    const { link } = await result(dir('alice'), 'invite', '--space', spaceId as string)
    await halt(alice)
    const bob = await serve('bob')
    expect((await run(dir('bob'), ['join', link as string, '--timeout', '1'])).status).toBe(6)
    const bobHears = listen('bob')
    await bobHears.next((line) => line['event'] === 'connection')
    await serve('alice')
    await bobHears.next((line) => line['event'] === 'membership' && line['spaceId'] === spaceId)
    await halt(bobHears)
    await halt(bob)
  })
})
