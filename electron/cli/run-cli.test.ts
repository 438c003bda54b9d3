import { EventEmitter } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Api } from '../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { AppError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/logger.ts'
import { controlPath } from '../node/control/control-path.ts'
import { serveControl } from '../node/control/control-server.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { runCli } from './run-cli.ts'

let folder: ReturnType<typeof tempDir>
const stops: (() => unknown)[] = []
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  folder.remove()
})

/** Runs a command line over the test's folder, unless `env` says otherwise. */
async function run(argv: string[], env: Record<string, string> = {}) {
  const [out, err]: [string[], string[]] = [[], []]
  const host = Object.assign(new EventEmitter(), {
    platform: process.platform,
    env: { SPACEPANDA_DATA_DIR: folder.dir, ...env },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  })
  const status = runCli(argv, host as unknown as NodeJS.Process)
  return { host, status, out, err, done: async () => ({ status: await status, out: out.join(''), err: err.join('') }) }
}
const outcome = async (argv: string[], env?: Record<string, string>) => (await run(argv, env)).done()

/** A node that is running over the folder and answers as told. */
async function running(api: Partial<{ [M in keyof Api]: (args: never) => Promise<unknown> }>) {
  const listeners = new Set<(event: NodeEvent) => void>()
  const on = (listener: (event: NodeEvent) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const server = await serveControl({ api: api as unknown as Api, on }, folder.dir, silentLogger)
  if (server === null) throw new Error('it serves')
  stops.push(() => server.stop())
  return { server, listeners, emit: (event: NodeEvent) => listeners.forEach((listener) => listener(event)) }
}

const ID = 'ab'.repeat(16)
const usage: [string, string[]][] = [
  ['no such command', ['explode']],
  ['an argument missing', ['join']],
  ['an option missing', ['members']],
  ['an option without its value', ['history', '--channel']],
  ['no such option', ['space', 'list', '--all']],
  ['an argument too many', ['whoami', 'now']],
  ['a number that is none', ['history', '--channel', ID, '--limit', '0']],
  ['a number beyond the limit', ['history', '--channel', ID, '--limit', '201']],
  ['two places in one history', ['history', '--channel', ID, '--before', 'x', '--around', 'unread']],
  ['a place that is none', ['history', '--channel', ID, '--around', 'yesterday']],
  ['a query that is too long', ['search', 'x'.repeat(257)]],
  ['deleting without saying from where', ['delete', '--channel', ID, '--message', ID]],
  ['days that are none', ['channel', 'keep', '0', '--channel', ID]],
  ['more days than a profile lasts', ['channel', 'keep', '3651', '--channel', ID]],
  ['deleting everything without saying so', ['profile', 'delete']],
  ['a duration that is none', ['invite', '--space', ID, '--expires', '7']],
  ['a duration that is too short', ['invite', '--space', ID, '--expires', '5s']],
  ['a role nobody can be invited to', ['invite', '--space', ID, '--role', 'owner']],
  ['a role that is none', ['member', 'role', ID, 'king', '--space', ID]],
  ['a member that is none', ['member', 'remove', 'Bob', '--space', ID]],
  ['a member of no space', ['member', 'verify', ID]],
  ['leaving without saying what', ['space', 'leave']],
  ['an id that is none', ['members', '--space', 'friends']],
  ['a state that is none', ['send', 'hi', '--channel', ID, '--wait', 'read']],
  ['an empty name', ['space', 'create', '  ']],
  ['a text that is too long', ['send', 'x'.repeat(16_001), '--channel', ID]],
  ['a passphrase file that is not there', ['--passphrase-file', '/nonexistent', 'whoami']],
]

describe('wrong usage', () => {
  it.each(usage)('%s: status 2 and words on standard error', async (_, argv) => {
    const { status, out, err } = await outcome(argv)
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(err).not.toBe('')
  })

  it.each(usage)('%s: the same with --json, before the command and after it', async (_, argv) => {
    for (const line of [
      ['--json', ...argv],
      [...argv, '--json'],
    ]) {
      const { status, out, err } = await outcome(line)
      // Behind an option without its value it would be that value.
      if (argv.at(-1) === '--channel' && line.at(-1) === '--json') continue
      expect(status).toBe(2)
      expect(err).toBe('')
      expect(JSON.parse(out)).toEqual({ error: { code: 'usage', message: expect.stringMatching(/^(?!error: )\S/) as string } })
    }
  })

  it('opens nothing and makes nothing', async () => {
    for (const [, argv] of usage) await outcome(argv)
    expect(readdirSync(folder.dir)).toEqual([])
  })

  it('no command at all', async () => {
    expect((await outcome([])).status).toBe(2)
    expect((await outcome(['space'])).status).toBe(2)
    const { status, out } = await outcome(['--json'])
    expect([status, JSON.parse(out)]).toEqual([2, { error: { code: 'usage', message: 'Say what to do: --help lists the commands.' } }])
  })

  it('is told in words when --json is only the text of a message', async () => {
    const { out } = await outcome(['send', '--channel', 'x', '--', '--json'])
    expect(out).toBe('')
  })
})

describe('help', () => {
  it.each([['--help'], ['help'], ['space', '--help'], ['send', '-h']].map((argv) => [argv]))('%j is no error', async (argv) => {
    const { status, out } = await outcome(argv)
    expect(status).toBe(0)
    expect(out).toContain('Usage:')
  })
})

it('says what it is, in words and as JSON', async () => {
  expect(await outcome(['--version'])).toMatchObject({ status: 0, out: expect.stringMatching(/^SpacePanda \d/) as string, err: '' })
  const { status, out } = await outcome(['--json', '--version'])
  expect([status, JSON.parse(out)]).toEqual([
    0,
    { version: '0.0.0', commit: null, kind: 'development', electron: null, node: process.versions.node },
  ])
})

describe('without a profile', () => {
  it.each([[['whoami']], [['space', 'list']], [['serve']], [['listen']], [['status']], [['send', 'hi', '--channel', ID]]])(
    '%j says so, and makes none',
    async (argv) => {
      const { status, out } = await outcome(['--json', ...argv], { SPACEPANDA_DATA_DIR: join(folder.dir, 'none') })
      expect(status).toBe(3)
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'no-profile' } })
      expect(existsSync(join(folder.dir, 'none'))).toBe(false)
    },
  )

  it('init asks for a passphrase where there is no keyring, and for one that is long enough', async () => {
    expect((await outcome(['init', '--name', 'Ann'])).status).toBe(4)
    expect((await outcome(['init', '--name', 'Ann'], { SPACEPANDA_PASSPHRASE: 'short' })).status).toBe(2)
    expect((await outcome(['init', '--name', 'Ann'], { SPACEPANDA_PASSPHRASE: '' })).status).toBe(4)
    const trivial = await outcome(['init', '--name', 'Ann'], { SPACEPANDA_PASSPHRASE: '11111111' })
    expect(trivial).toMatchObject({ status: 2, err: expect.stringContaining('The passphrase must be harder to guess') as string })
    expect(readdirSync(folder.dir)).toEqual([])
  })
})

describe('over a running node', () => {
  it('a command is answered by it, in words or JSON', async () => {
    const status = { kind: 'member' }
    const space = {
      spaceId: ID,
      name: 'Friends',
      status,
      channels: [{ channelId: ID, name: 'general', kind: 'open', unread: 3, status, with: null }],
      role: 'owner',
    }
    await running({ 'spaces.list': async () => [space] })
    expect(JSON.parse((await outcome(['space', 'list', '--json'])).out)).toEqual({
      spaces: [{ spaceId: ID, name: 'Friends', status: 'member', channels: [{ channelId: ID, name: 'general', kind: 'open' }] }],
    })
    expect((await outcome(['space', 'list'])).out).toBe(`Friends  ${ID}\n  #general  ${ID}\n`)
  })

  it('members are listed with all that the contract names, and nothing of the window', async () => {
    const member = { memberId: ID, name: 'Bob', role: 'admin', devices: 2, verified: true, online: false }
    await running({ 'members.list': async () => [{ ...member, self: false, may: { remove: true, roles: [] } }] })
    expect(JSON.parse((await outcome(['--json', 'members', '--space', ID])).out)).toEqual({ members: [member] })
    expect((await outcome(['members', '--space', ID])).out).toBe(`Bob  admin  offline  2 devices  verified  ${ID}\n`)
  })

  it('a member is removed, given a role and verified', async () => {
    const told: unknown[] = []
    await running({
      'members.remove': async (args) => (told.push(args), null),
      'members.setRole': async (args) => (told.push(args), { memberId: ID, name: 'Bob', role: 'admin' }),
      'members.verify': async (args: { verified: boolean | null }) => (
        told.push(args),
        { memberId: ID, safetyNumber: '12345 67890', verified: args.verified === true }
      ),
    })
    const json = async (...argv: string[]) => JSON.parse((await outcome(['--json', 'member', ...argv, '--space', ID])).out) as unknown
    expect(await json('remove', ID)).toEqual({ memberId: ID })
    expect(await json('role', ID, 'admin')).toEqual({ memberId: ID, role: 'admin' })
    expect(await json('verify', ID)).toEqual({ memberId: ID, safetyNumber: '12345 67890', verified: false })
    expect(await json('verify', ID, '--confirm')).toMatchObject({ verified: true })
    expect(told).toEqual([
      { spaceId: ID, memberId: ID },
      { spaceId: ID, memberId: ID, role: 'admin' },
      { spaceId: ID, memberId: ID, verified: null },
      { spaceId: ID, memberId: ID, verified: true },
    ])
  })

  it('a private channel is made for whom it names, and others come, go and talk with one', async () => {
    const told: unknown[] = []
    const view = { channelId: ID, spaceId: ID, status: { kind: 'member' }, with: null, name: 'plans', kind: 'private', memberCount: 2 }
    await running({
      'channels.create': async (args) => (told.push(args), view),
      'channels.direct': async (args) => (told.push(args), { ...view, kind: 'direct', name: 'Bob' }),
      'channels.addMember': async (args) => (told.push(args), view),
      'channels.removeMember': async (args) => (told.push(args), view),
      'channels.leave': async (args) => (told.push(args), null),
      'spaces.list': async () => [],
    })
    const json = async (...argv: string[]) => JSON.parse((await outcome(['--json', ...argv])).out) as unknown
    const made = { channelId: ID, spaceId: ID, name: 'plans', kind: 'private' }
    expect(await json('channel', 'create', 'plans', '--space', ID, '--private', '--member', ID, '--member', ID)).toEqual(made)
    expect(await json('dm', ID, '--space', ID)).toEqual({ channelId: ID })
    expect(await json('channel', 'add', ID, '--channel', ID)).toEqual({ channelId: ID, memberCount: 2, memberId: ID })
    expect(await json('channel', 'remove', ID, '--channel', ID)).toEqual({ channelId: ID, memberCount: 2, memberId: ID })
    expect(await json('channel', 'leave', '--channel', ID)).toEqual({ channelId: ID, done: true })
    expect(told).toEqual([
      { spaceId: ID, name: 'plans', kind: 'private', members: [ID, ID] },
      { spaceId: ID, memberId: ID },
      { channelId: ID, memberId: ID },
      { channelId: ID, memberId: ID },
      { channelId: ID },
    ])
    const nobody = await outcome(['dm', 'nobody', '--space', ID])
    expect([nobody.status, nobody.err]).toEqual([2, expect.stringContaining('“spacepanda members”')])
    expect((await outcome(['dm', '--help'])).out.replaceAll(/\s+/gu, ' ')).toContain('the id of a member, as “spacepanda members” lists it')
  })

  it('of a private channel one says what newcomers are given, and repairs it; of an open one neither', async () => {
    const [group, open] = ['b'.repeat(32), 'c'.repeat(32)]
    const told: unknown[] = []
    const channels = [
      { channelId: ID, spaceId: ID, membersOf: group, kind: 'private' },
      { channelId: open, spaceId: ID, membersOf: ID, kind: 'open' },
    ]
    await running({
      'spaces.list': async () => [{ spaceId: ID, channels }],
      'spaces.history': async (args) => (told.push(args), { kind: 'none' }),
      'spaces.setHistory': async (args) => (told.push(args), { kind: 'last', count: 5 }),
      'spaces.repair': async (args) => (told.push(args), null),
    })
    const json = async (...argv: string[]) => JSON.parse((await outcome(['--json', ...argv])).out) as unknown
    expect(await json('channel', 'history', '--channel', ID)).toEqual({ channelId: ID, history: { kind: 'none' } })
    expect(await json('channel', 'history', 'last', '5', '--channel', ID)).toEqual({ channelId: ID, history: { kind: 'last', count: 5 } })
    expect(await json('channel', 'repair', '--channel', ID)).toEqual({ channelId: ID })
    expect(told).toEqual([{ spaceId: group }, { spaceId: group, history: { kind: 'last', count: 5 } }, { spaceId: group }])
    expect((await outcome(['channel', 'history', '--channel', open])).status).toBe(2)
    expect((await outcome(['channel', 'repair', '--channel', 'd'.repeat(32)])).status).toBe(5)
    expect((await outcome(['channel', 'history', 'sometimes', '--channel', ID])).status).toBe(2)
  })

  it('a space is left: done where somebody was there, else waiting', async () => {
    let spaces: unknown[] = []
    await running({ 'spaces.leave': async () => null, 'spaces.list': async () => spaces, 'members.list': async () => [] })
    const left = async () => JSON.parse((await outcome(['--json', 'space', 'leave', '--space', ID])).out) as unknown
    expect(await left()).toEqual({ spaceId: ID, done: true })
    spaces = [{ spaceId: ID, status: { kind: 'leaving', since: 1 } }]
    expect(await left()).toEqual({ spaceId: ID, done: false })
  })

  it.each([
    ['not-member', 7],
    ['last-owner', 7],
  ] as const)('%s keeps one from leaving with status %i', async (code, expected) => {
    await running({ 'spaces.leave': () => Promise.reject(new AppError(code, 'No.')) })
    expect((await outcome(['space', 'leave', '--space', ID])).status).toBe(expected)
  })

  it.each([
    ['not-permitted', 7],
    ['not-found', 5],
    ['internal', 1],
  ] as const)('a refusal of it (%s) is the status %i', async (code, expected) => {
    await running({ 'spaces.create': () => Promise.reject(new AppError(code, 'No.')) })
    const { status, out } = await outcome(['--json', 'space', 'create', 'Friends'])
    expect(status).toBe(expected)
    expect(JSON.parse(out)).toEqual({ error: { code, message: 'No.' } })
  })

  it('serve and init have no place', async () => {
    await running({ 'profile.status': async () => ({ kind: 'open' }) })
    expect((await outcome(['serve'])).status).toBe(8)
    const init = await outcome(['--json', 'init', '--name', 'Ann'], { SPACEPANDA_PASSPHRASE: 'long enough' })
    expect(JSON.parse(init.out)).toMatchObject({ error: { code: 'profile-exists' } })
  })

  it('that is of another version nothing is done', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('{"spacepanda":999}\n')
    })
    await new Promise<void>((resolve) => {
      server.listen(controlPath(folder.dir), resolve)
    })
    stops.push(() => server.close())
    expect((await outcome(['space', 'list'])).status).toBe(8)
  })

  it('listen tells each event on a line of its own until it is interrupted, and succeeds', async () => {
    const node = await running({ 'connection.status': async () => ({ peers: [], missing: [] }) })
    const listening = await run(['--json', 'listen'])
    await expect.poll(() => listening.out.length).toBe(1)
    expect(JSON.parse(listening.out[0] ?? '')).toEqual({ event: 'connection', peers: [], missing: [] })
    node.emit({ event: 'members.changed', data: { spaceId: ID as never, members: [] } })
    node.emit({ event: 'spaces.changed', data: [] })
    await expect.poll(() => listening.out.length).toBe(2)
    expect(JSON.parse(listening.out[1] ?? '')).toEqual({ event: 'membership', spaceId: ID, members: [] })
    const gap = { spaceId: ID, memberId: 'bob', name: 'Bob', messages: 2, asked: ['Carol'] }
    for (const missing of [[gap], [gap], []]) node.emit({ event: 'connection.changed', data: { peers: [], missing } as never })
    await expect.poll(() => listening.out.length).toBe(7)
    const told = listening.out.slice(2).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(told.filter(({ event }) => event === 'gap')).toEqual([
      { event: 'gap', ...gap },
      { event: 'gap', ...gap, messages: 0, asked: [] },
    ])
    expect(listening.host.listenerCount('unhandledRejection')).toBe(1)
    listening.host.emit('SIGINT')
    expect((await listening.done()).status).toBe(0)
    expect(['SIGTERM', 'unhandledRejection'].map((name) => listening.host.listenerCount(name))).toEqual([0, 0])
  })

  it('listen fails when the node goes away', async () => {
    const node = await running({ 'connection.status': async () => ({ peers: [], missing: [] }) })
    const listening = await run(['--json', 'listen'])
    await expect.poll(() => listening.out.length).toBe(1)
    await node.server.stop()
    const { status } = await listening.done()
    expect(status).toBe(1)
    expect(JSON.parse(listening.out[1] ?? '')).toMatchObject({ error: { code: 'stopping' } })
  })

  it('join that is refused ends with the reason, and says on the way what it does', async () => {
    const join = (state: object) => ({ joinId: ID, spaceName: 'Friends', startedAt: 1, expiresAt: 2, state })
    const node = await running({
      'joins.start': async () => join({ kind: 'working', step: 'connecting' }),
      'joins.list': async () => [join({ kind: 'working', step: 'connecting' })],
    })
    const joining = await run(['join', 'spacepanda:join/x'])
    await expect.poll(() => joining.err.length).toBe(1)
    node.emit({ event: 'join.changed', data: join({ kind: 'refused', code: 'invitation-expired', message: 'Expired.' }) as never })
    const { status, out, err } = await joining.done()
    expect([status, out]).toEqual([1, ''])
    expect(err).toMatch(/^Looking for .*\nExpired\.\n$/)
  })

  it.each([
    ['Ann', 'Anne', /^You are there as Ann, the name you had before\.\n$/],
    ['Anne', 'Anne', /^$/],
  ])('join says it where somebody is %s there, and asked to be %s', async (is, asked, words) => {
    const done = { joinId: ID, state: { kind: 'done', spaceId: ID } }
    let joins: object[] = []
    await running({
      'joins.start': async () => (joins = [done])[0],
      'joins.list': async () => joins,
      'spaces.list': async () => [{ spaceId: ID, name: 'Garden', status: { kind: 'member' }, channels: [] }],
      'members.list': async () => [
        { name: 'Bob', self: false },
        { name: is, self: true },
      ],
    })
    const { status, out, err } = await outcome(['join', 'spacepanda:join/x', '--name', asked])
    expect([status, out]).toEqual([0, `You are in.\nGarden  ${ID}\n`])
    expect(err).toMatch(words)
  })

  it.each([
    ['that it began is cancelled by an interrupt', [], 1, /was cancelled/],
    ['that was under way goes on after an interrupt', [ID], 0, /goes on by itself/],
  ])('join: one %s, and says so', async (_, before, cancels, words) => {
    const join = (joinId: string) => ({
      joinId,
      spaceName: 'Friends',
      startedAt: 1,
      expiresAt: 2,
      state: { kind: 'working', step: 'connecting' },
    })
    const open = before.map(join)
    const cancelled: unknown[] = []
    await running({
      'joins.list': async () => [...open],
      'joins.start': async () => {
        if (open.length === 0) open.push(join(ID))
        return join(ID)
      },
      'joins.cancel': async (args: unknown) => cancelled.push(args),
    })
    const joining = await run(['join', 'spacepanda:join/x'])
    await expect.poll(() => joining.err.length).toBe(1)
    joining.host.emit('SIGINT')
    const { status, err } = await joining.done()
    expect([status, cancelled.length]).toEqual([1, cancels])
    expect(err).toMatch(words)
  })

  it('invite prints the link alone, and for whom and how long it is good on standard error; with --json nothing there', async () => {
    const made = { link: 'spacepanda:join/x', expiresAt: Date.UTC(2026, 5, 1, 12), invitationId: ID }
    await running({ 'invitations.create': async () => made })
    const told = await outcome(['invite', '--space', ID, '--max-uses', '3'])
    expect(told.out).toBe('spacepanda:join/x\n')
    expect(told.err).toMatch(/^By it 3 people come in as a member, until .*2026.*\. Whoever has it can use it\.\n$/)
    expect((await outcome(['invite', '--space', ID])).err).toContain('any number of people')
    expect(await outcome(['--json', 'invite', '--space', ID])).toEqual({ status: 0, out: `${JSON.stringify(made)}\n`, err: '' })
  })

  it('invitation lists those that hold, without their links where people look, and withdraws one', async () => {
    const one = {
      invitationId: ID,
      spaceId: ID,
      link: 'spacepanda:join/x',
      role: 'guest',
      createdBy: ID,
      madeAt: null,
      maxUses: 3,
      uses: 1,
    }
    const held: object[] = [{ ...one, expiresAt: Date.UTC(2026, 5, 1, 12) }]
    await running({
      'invitations.list': async () => held,
      'invitations.revoke': async () => held.pop(),
    })
    const listed = await outcome(['invitation', 'list', '--space', ID])
    expect(listed.out).toMatch(new RegExp(`^${ID}  guest, used 1 of 3 times, until .*2026`))
    expect(listed.out).not.toContain('spacepanda:')
    expect(JSON.parse((await outcome(['--json', 'invitation', 'list', '--space', ID])).out)).toEqual({ invitations: held })
    expect((await outcome(['invitation', 'revoke', 'nonsense', '--space', ID])).status).toBe(2)
    expect(JSON.parse((await outcome(['--json', 'invitation', 'revoke', ID, '--space', ID])).out)).toEqual({ invitationId: ID })
    expect((await outcome(['invitation', 'list', '--space', ID])).out).toBe('There are no open invitations.\n')
  })

  it('send waits as far as it is told', async () => {
    const message = (state: string) => ({
      messageId: ID,
      channelId: ID,
      author: {},
      delivery: { state, delivered: 0, read: 0, recipients: 1, reason: null },
    })
    const node = await running({ 'messages.send': async () => message('stored'), 'messages.get': async () => message('stored') })
    expect(JSON.parse((await outcome(['--json', 'send', 'hi', '--channel', ID])).out)).toEqual({ messageId: ID, state: 'stored' })
    await expect.poll(() => node.listeners.size).toBe(0)
    const sending = await run(['--json', 'send', 'hi', '--channel', ID, '--wait', 'delivered'])
    await expect.poll(() => node.listeners.size).toBe(1)
    node.emit({ event: 'message.changed', data: message('held') as never })
    node.emit({ event: 'message.changed', data: message('delivered') as never })
    expect(JSON.parse((await sending.done()).out)).toEqual({ messageId: ID, state: 'delivered' })
    const impatient = await outcome(['--json', 'send', 'hi', '--channel', ID, '--wait', 'held', '--timeout', '1'])
    expect(impatient.status).toBe(6)
  })

  const found = {
    ...{ messageId: ID, channelId: ID, author: { memberId: ID, name: 'Ann', self: false }, sentAt: 1, text: 'a long text', replyTo: null },
    ...{ editedAt: null, deleted: false, reactions: [], attachments: [], seq: 3 },
    delivery: { state: 'delivered', delivered: 1, read: 0, recipients: 1, reason: null },
  }

  it('history gives the page and where to go on from it', async () => {
    const asked: unknown[] = []
    await running({
      'messages.page': async (args) => {
        asked.push(args)
        return { messages: [{ ...found, seq: 4 }, found], nextCursor: 'older', previousCursor: 'newer' }
      },
    })
    const { out } = await outcome(['--json', 'history', '--channel', ID, '--around', '2026-05-01', '--limit', '2'])
    expect(JSON.parse(out)).toMatchObject({ messages: [{ seq: 3 }, { seq: 4 }], nextCursor: 'older', previousCursor: 'newer' })
    await outcome(['history', '--channel', ID, '--after', 'newer'])
    const nowhere = { before: null, after: null, around: null }
    expect(asked).toEqual([
      { channelId: ID, limit: 2, ...nowhere, around: { kind: 'date', at: new Date(2026, 4, 1).getTime() } },
      { channelId: ID, limit: 50, ...nowhere, after: 'newer' },
    ])
  })

  it('search gives messages with their space and the part that was found', async () => {
    const hit = { message: found, spaceId: 'cd'.repeat(16), excerpt: 'long', matches: [[0, 4]] }
    await running({ 'messages.search': async () => ({ hits: [hit], nextCursor: null }) })
    const { out } = await outcome(['--json', 'search', 'lon', '--limit', '5'])
    expect(JSON.parse(out)).toMatchObject({ results: [{ messageId: ID, text: 'a long text', spaceId: 'cd'.repeat(16), excerpt: 'long' }] })
    expect((await outcome(['search', 'lon'])).out).toMatch(/Ann: long {2}abab/)
  })

  it('delete --for-me deletes what is in that channel, and nothing that is not', async () => {
    const deleted: unknown[] = []
    let isThere = false
    await running({
      'messages.page': () => (isThere ? Promise.resolve({ messages: [found] }) : Promise.reject(new AppError('not-found', 'No.'))),
      'messages.deleteForMe': async (args) => {
        deleted.push(args)
        return null
      },
    })
    const line = ['--json', 'delete', '--for-me', '--channel', ID, '--message', ID]
    expect((await outcome(line)).status).toBe(5)
    expect(deleted).toEqual([])
    isThere = true
    expect(JSON.parse((await outcome(line)).out)).toEqual({ messageId: ID })
    expect(deleted).toEqual([{ messageId: ID }])
  })

  it('channel keep says what is kept', async () => {
    await running({
      'channels.setKeepDays': async ({ channelId, keepDays }: { channelId: string; keepDays: number | null }) => ({ channelId, keepDays }),
    })
    expect(JSON.parse((await outcome(['--json', 'channel', 'keep', '30', '--channel', ID])).out)).toEqual({ channelId: ID, keepDays: 30 })
    expect((await outcome(['channel', 'keep', 'forever', '--channel', ID])).out).toBe('Messages are kept.\n')
  })

  it('names the folder by option before the environment', async () => {
    await running({ 'spaces.list': async () => [] })
    const { status } = await outcome(['--data-dir', folder.dir, 'space', 'list'], { SPACEPANDA_DATA_DIR: join(folder.dir, 'none') })
    expect(status).toBe(0)
  })
})

describe('a command that goes wrong', () => {
  it('for a fault of ours tells nothing of it', async () => {
    await running({ 'spaces.list': () => Promise.reject(new TypeError('secret')) })
    const { status, out, err } = await outcome(['--json', 'space', 'list'])
    expect(status).toBe(1)
    expect(out + err).not.toContain('secret')
  })

  it('over a damaged profile says so and changes nothing', async () => {
    writeFileSync(join(folder.dir, 'note.txt'), 'x')
    const { status } = await outcome(['whoami'])
    expect(status).toBe(3)
    expect(readdirSync(folder.dir)).toEqual(['note.txt'])
  })
})

describe('leaving', () => {
  const there = {
    'spaces.leave': async () => null,
    'spaces.list': async () => [{ spaceId: ID, channels: [] }],
  }
  const members = (online: boolean) => async () => [
    { name: 'Ann', self: true, online: true },
    { name: 'Bob', self: false, online },
  ]
  const leave = ['space', 'leave', '--space', ID]

  it('says who is told when, where nobody is connected', async () => {
    await running({ ...there, 'members.list': members(false) })
    expect((await outcome(leave)).out).toBe(
      'You left the space. Its members are told as soon as one of them is connected; then its messages and keys are deleted from this device. Until then run this profile once in a while.\n',
    )
  })

  it('waits for a member who is connected to be told', async () => {
    const node = await running({ ...there, 'members.list': members(true) })
    const { done } = await run(leave)
    await expect.poll(() => node.listeners.size).toBe(1)
    node.emit({ event: 'spaces.changed', data: [] })
    expect(await done()).toEqual({ status: 0, out: 'You left the space. Its messages and keys are deleted from this device.\n', err: '' })
  })
})
