import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { connectControl } from './control-client.ts'
import { controlPath } from './control-path.ts'
import { CONTROL_VERSION, serveControl } from './control-server.ts'
import type { ControlServer } from './control-server.ts'
import { MAX_REQUEST_CHARS } from './line-stream.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'

const unix = process.platform !== 'win32'
const joined: NodeEvent = { event: 'link.opened', data: { link: 'x' } }

/** A node that answers a few calls and counts its listeners. */
function fakeNode(api: Partial<Api> = {}) {
  const listeners = new Set<(event: NodeEvent) => void>()
  return {
    listeners,
    emit: (event: NodeEvent) => listeners.forEach((listener) => listener(event)),
    api: { 'spaces.list': async () => [], 'settings.set': async (theme: unknown) => theme, ...api } as unknown as Api,
    on: (listener: (event: NodeEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

let folder: ReturnType<typeof tempDir>
const modeOfNewFolder = (): number => {
  mkdirSync(join(folder.dir, 'new'))
  return statSync(join(folder.dir, 'new')).mode
}
/** Before any socket was made in this process. */
let usualMode: number | null = null
const stops: (() => unknown)[] = []
beforeEach(() => {
  folder = tempDir()
  if (usualMode === null) {
    usualMode = modeOfNewFolder()
    rmdirSync(join(folder.dir, 'new'))
  }
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  folder.remove()
})

async function serving(node = fakeNode()): Promise<{ node: typeof node; server: ControlServer }> {
  const server = await serveControl(node, folder.dir, silentLogger)
  if (server === null) throw new Error('it serves')
  stops.push(() => server.stop())
  return { node, server }
}
async function client() {
  const remote = await connectControl(folder.dir)
  if (remote === null) throw new Error('somebody serves')
  stops.push(() => remote.stop())
  return remote
}
/** A client of no manners. */
async function raw(): Promise<{ socket: Socket; closed: Promise<unknown>; lines: string[] }> {
  const socket = connect(controlPath(folder.dir))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const lines: string[] = []
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  stops.push(() => socket.destroy())
  await once(socket, 'connect')
  return { socket, closed, lines }
}
/** A server of no manners. */
async function pretender(greet: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    greet(socket)
  })
  server.listen(controlPath(folder.dir))
  await once(server, 'listening')
  stops.push(() => server.close())
  return server
}

describe('the path of the socket', () => {
  it('is in the profile folder, whichever way the folder is named', () => {
    expect(controlPath(folder.dir)).toBe(controlPath(join(folder.dir, '..', folder.dir.split('/').at(-1) ?? '')))
    const link = join(folder.dir, 'link')
    mkdirSync(join(folder.dir, 'real'))
    symlinkSync(join(folder.dir, 'real'), link)
    expect(controlPath(link)).toBe(controlPath(join(folder.dir, 'real')))
  })

  it('is a private folder of its own where the other would be too long for a socket', () => {
    const long = join(folder.dir, 'x'.repeat(120))
    mkdirSync(long)
    const path = controlPath(long, { platform: 'linux', temporary: folder.dir })
    expect(path.length).toBeLessThan(150)
    expect(path.startsWith(`${folder.dir}/spacepanda-`)).toBe(true)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    expect(controlPath(long, { platform: 'linux', temporary: folder.dir })).toBe(path)
    const other = join(folder.dir, 'y'.repeat(120))
    mkdirSync(other)
    expect(controlPath(other, { platform: 'linux', temporary: folder.dir })).not.toBe(path)
  })

  it('is nowhere where somebody else could have prepared that folder', () => {
    const long = join(folder.dir, 'x'.repeat(120))
    mkdirSync(long)
    const path = controlPath(long, { platform: 'linux', temporary: folder.dir })
    chmodSync(join(path, '..'), 0o777)
    expect(() => controlPath(long, { platform: 'linux', temporary: folder.dir })).toThrow(
      expect.objectContaining({ code: 'not-permitted' }),
    )
    rmSync(join(path, '..'), { recursive: true })
    mkdirSync(join(folder.dir, 'trap'), { mode: 0o700 })
    symlinkSync(join(folder.dir, 'trap'), join(path, '..'))
    expect(() => controlPath(long, { platform: 'linux', temporary: folder.dir })).toThrow(
      expect.objectContaining({ code: 'not-permitted' }),
    )
  })

  it('is a pipe on Windows, by a name that only who can read the folder knows, and another each time', () => {
    expect(() => controlPath(folder.dir, { platform: 'win32' })).toThrow('ENOENT')
    const [one, other] = [0, 1].map(() => controlPath(folder.dir, { platform: 'win32', forServer: true }))
    expect(one).toMatch(/^\\\\\.\\pipe\\spacepanda-[0-9a-f]{24}$/)
    expect(other).not.toBe(one)
    expect(controlPath(folder.dir, { platform: 'win32' })).toBe(other)
    writeFileSync(join(folder.dir, 'control.pipe'), '..')
    expect(() => controlPath(folder.dir, { platform: 'win32' })).toThrow(expect.objectContaining({ code: 'unreadable' }))
  })
})

describe('a command and a node', () => {
  it('meet over the socket, and results and errors come back as they were', async () => {
    await serving(
      fakeNode({
        'spaces.create': () => Promise.reject(new AppError('not-permitted', 'No.')),
        'members.list': () => Promise.reject(new Error('secret')),
      }),
    )
    const { api } = await client()
    expect(await api['spaces.list']({})).toEqual([])
    await expect(api['spaces.create']({ name: 'x' })).rejects.toMatchObject({ code: 'not-permitted', message: 'No.' })
    const failure = await api['members.list']({ spaceId: 'ab'.repeat(16) as never }).catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({ code: 'internal' })
    expect(String(failure)).not.toContain('secret')
  })

  it('check arguments on the far side', async () => {
    await serving()
    const { api } = await client()
    await expect(api['settings.set']({ theme: 'pink' } as never)).rejects.toMatchObject({ code: 'invalid' })
    const settings = { ...usualSettings, theme: 'dark', lockAfterMinutes: 5, lockOnSuspend: true } as const
    expect(await api['settings.set'](settings)).toEqual(settings)
  })

  it('answer each question by itself, in whatever order the answers come', async () => {
    const slow = Promise.withResolvers<[]>()
    await serving(fakeNode({ 'joins.list': () => slow.promise }))
    const { api } = await client()
    const first = api['joins.list']({})
    expect(await api['spaces.list']({})).toEqual([])
    slow.resolve([])
    expect(await first).toEqual([])
  })

  it('carry a page of the longest messages there are', async () => {
    const text = '\u0001'.repeat(65_536)
    const page = { messages: Array.from({ length: 40 }, () => ({ text })), nextCursor: null }
    await serving(fakeNode({ 'messages.page': async () => page as never }))
    const { api } = await client()
    expect(await api['messages.page']({ channelId: 'ab'.repeat(16) as never, limit: 40, before: null, after: null, around: null })).toEqual(
      page,
    )
  })

  it('carry events to those who listen, and to nobody else', async () => {
    const { node } = await serving()
    const [listening, silent] = [await client(), await client()]
    const heard: NodeEvent[] = []
    const first = Promise.withResolvers<null>()
    const leave = listening.on((event) => {
      heard.push(event)
      first.resolve(null)
    })
    silent.on(() => undefined)()
    await listening.api['spaces.list']({})
    node.emit(joined)
    await first.promise
    expect(heard).toEqual([joined])
    leave()
    node.emit(joined)
    await listening.api['spaces.list']({})
    expect(heard).toHaveLength(1)
  })

  it('part: the node forgets a listener that is gone', async () => {
    const { node } = await serving()
    const remote = await client()
    remote.on(() => undefined)
    await remote.api['spaces.list']({})
    expect(node.listeners.size).toBe(1)
    await remote.stop()
    await expect.poll(() => node.listeners.size).toBe(0)
  })

  it('part: the command hears that the node is gone, in the middle of a call and after', async () => {
    const { server } = await serving(fakeNode({ 'joins.list': () => new Promise(() => undefined) }))
    const remote = await client()
    const call = remote.api['joins.list']({})
    const failed = expect(call).rejects.toMatchObject({ code: 'stopping' })
    await remote.api['spaces.list']({})
    await server.stop()
    await failed
    await remote.closed
    await expect(remote.api['spaces.list']({})).rejects.toMatchObject({ code: 'stopping' })
  })
})

describe('the socket', () => {
  it.runIf(unix)('is for its user alone', async () => {
    await serving()
    expect(statSync(controlPath(folder.dir)).mode & 0o777).toBe(0o600)
  })

  it.runIf(unix)('is made without a trace in what other files may be', async () => {
    const serve = serveControl(fakeNode(), folder.dir, silentLogger)
    expect(modeOfNewFolder()).toBe(usualMode)
    const server = await serve
    stops.push(() => server?.stop())
  })

  it.runIf(unix)('takes the place of one that a crash left, and goes when the node stops', async () => {
    writeFileSync(controlPath(folder.dir), '')
    const { server } = await serving()
    await client()
    await server.stop()
    expect(existsSync(controlPath(folder.dir))).toBe(false)
    await server.stop()
  })

  it('that cannot be made leaves the node working without it', async () => {
    mkdirSync(join(folder.dir, 'control.sock', 'full'), { recursive: true })
    expect(await serveControl(fakeNode(), folder.dir, silentLogger)).toBeNull()
    expect(readdirSync(folder.dir)).toEqual(['control.sock'])
    expect(await serveControl(fakeNode(), join(folder.dir, 'missing'), silentLogger)).toBeNull()
  })
})

describe('a client without manners', () => {
  it.each([
    ['noise', 'hello\n'],
    ['half of JSON', '{"id":1\n'],
    ['no id', '{"method":"spaces.list","args":{}}\n'],
    ['an id below zero', '{"id":-1,"method":"spaces.list","args":{}}\n'],
    ['a surplus field', '{"id":1,"method":"spaces.list","args":{},"as":"root"}\n'],
    ['a list', '[1]\n'],
    ['null', 'null\n'],
  ])('that says %s is cut off, and nobody else', async (_, line) => {
    await serving()
    const polite = await client()
    const { socket, closed } = await raw()
    socket.write(line)
    await closed
    expect(await polite.api['spaces.list']({})).toEqual([])
  })

  it('that never ends its line is cut off before it fills the memory', async () => {
    await serving()
    const { socket, closed } = await raw()
    const chunk = 'x'.repeat(64 * 1024)
    for (let sent = 0; sent <= MAX_REQUEST_CHARS; sent += chunk.length) socket.write(chunk)
    await closed
    expect(socket.bytesWritten).toBeGreaterThan(MAX_REQUEST_CHARS)
  })

  it.each(['__proto__', 'constructor', 'toString', 'spaces.nuke', ''])('that calls %j is told there is no such call', async (method) => {
    await serving()
    const { socket, lines } = await raw()
    socket.write(`${JSON.stringify({ id: 7, method, args: {} })}\n`)
    await expect.poll(() => lines.length).toBe(2)
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ id: 7, result: { ok: false, error: { code: 'usage' } } })
  })

  it('that says several things at once, in pieces, is answered each', async () => {
    await serving()
    const { socket, lines } = await raw()
    const one = (id: number) => `${JSON.stringify({ id, method: 'spaces.list', args: {} })}\n`
    const all = `\n${one(1)}${one(2)}\n${one(3)}`
    for (const piece of [all.slice(0, 20), all.slice(20, 70), all.slice(70)]) socket.write(piece)
    await expect.poll(() => lines.length).toBe(4)
    expect(lines[0]).toBe(`{"spacepanda":${CONTROL_VERSION}}`)
  })

  it('that listens twice hears everything once', async () => {
    const { node } = await serving()
    const { socket, lines } = await raw()
    socket.write('{"id":1,"subscribe":true}\n{"id":2,"subscribe":true}\n')
    await expect.poll(() => lines.length).toBe(3)
    expect(node.listeners.size).toBe(1)
  })

  it('that listens and does not read is cut off in the end', async () => {
    const { node } = await serving()
    const { socket, lines } = await raw()
    socket.write('{"id":1,"subscribe":true}\n')
    await expect.poll(() => lines.length).toBe(2)
    socket.pause()
    const large: NodeEvent = { event: 'link.opened', data: { link: 'x'.repeat(1024 * 1024) } }
    for (let i = 0; i < 40 && node.listeners.size > 0; i++) {
      node.emit(large)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(node.listeners.size).toBe(0)
  })

  it('that comes as one too many is turned away', async () => {
    await serving()
    const crowd = await Promise.all(Array.from({ length: 33 }, () => raw()))
    await Promise.race(crowd.map((c) => c.closed))
    await expect.poll(() => crowd.filter((c) => c.lines.length > 0).length).toBe(32)
  })
})

describe('connecting', () => {
  it('finds nobody where nobody is', async () => {
    expect(await connectControl(folder.dir)).toBeNull()
    expect(await connectControl(join(folder.dir, 'missing'))).toBeNull()
  })

  it.runIf(unix)('finds nobody behind the socket of a node that crashed', async () => {
    const server = await pretender(() => undefined)
    writeFileSync(join(folder.dir, 'note'), '')
    server.close()
    writeFileSync(controlPath(folder.dir), '')
    expect(await connectControl(folder.dir)).toBeNull()
  })

  it.each([
    ['of another version', `{"spacepanda":${CONTROL_VERSION + 1}}\n`],
    ['that is no node', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['that says more than its version', `{"spacepanda":${CONTROL_VERSION},"extra":1}\n`],
  ])('is refused by a server %s', async (_, greeting) => {
    await pretender((socket) => socket.write(greeting))
    await expect(connectControl(folder.dir)).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('Another version') as string,
    })
  })

  it('finds nobody behind a node that is killed as it is asked', async () => {
    const server = await pretender((socket) => {
      socket.destroy()
      server.close()
    })
    expect(await connectControl(folder.dir)).toBeNull()
  })

  it('finds the node that came after one that hung up', async () => {
    let asked = 0
    await pretender((socket) => (asked++ < 2 ? socket.destroy() : socket.write(`{"spacepanda":${CONTROL_VERSION}}\n`)))
    const found = await connectControl(folder.dir)
    expect(found).not.toBeNull()
    await found?.stop()
    expect(asked).toBe(3)
  })

  it('does not look for ever for one that hangs up each time, and does not call it another version', async () => {
    await pretender((socket) => void socket.destroy())
    await expect(connectControl(folder.dir)).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('does not answer') as string,
    })
  })

  it('survives answers nobody asked for and lines that are nothing', async () => {
    await pretender((socket) => {
      socket.write(`{"spacepanda":${CONTROL_VERSION}}\n`)
      socket.write('null\n17\n"x"\nnoise\n{"id":99,"result":{"ok":true,"value":1}}\n{"id":"x"}\n')
      socket.on('data', () =>
        socket.write(
          '{"id":0,"result":{"ok":true,"value":null}}\n{"event":"link.opened","data":{"link":"x"}}\nnull\n{"event":"link.opened","data":{"link":"y"}}\n',
        ),
      )
    })
    const remote = await client()
    const heard: unknown[] = []
    remote.on((event) => heard.push(event))
    await expect.poll(() => heard.length).toBe(2)
    expect(heard).toEqual([joined, { event: 'link.opened', data: { link: 'y' } }])
  })

  it('lets go of a node that hangs', async () => {
    await pretender((socket) => {
      socket.write(`{"spacepanda":${CONTROL_VERSION}}\n`)
      socket.pause()
    })
    const remote = await client()
    await remote.stop()
    await expect(remote.api['spaces.list']({})).rejects.toMatchObject({ code: 'stopping' })
  })
})
