import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { PackageStore } from './package-store.ts'
import { ANNOUNCEMENT_NAME, MAX_ANNOUNCEMENT_BYTES } from './release/announcement.ts'
import type { ReleaseFile } from './release/release.ts'
import { createUpdateServer } from './update-server.ts'

const bytes = Buffer.alloc(300_000, 'package ')
const file: ReleaseFile = {
  platform: 'linux',
  arch: 'x64',
  kind: 'deb',
  name: 'spacepanda 1.3.0.deb',
  size: bytes.length,
  sha512: createHash('sha512').update(bytes).digest('hex'),
}

let folder = ''
let server: Server
let answer: RequestListener
let asked: { url: string | undefined; headers: unknown }[]
const root = () => join(folder, 'updates')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'download-'))
  asked = []
  server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const served = (clock = systemClock) => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return createUpdateServer({ url: `http://127.0.0.1:${port ?? 0}/`, clock, fetch })
}
const download = (signal = new AbortController().signal, onProgress: (received: number) => void = () => undefined) =>
  new PackageStore(root()).download({ server: served(), file, signal, onProgress })
const left = () => (existsSync(root()) ? readdirSync(root()) : [])

test('a package is fetched, is what was signed, and lies there for this user alone; it is not fetched twice', async () => {
  answer = (_request, response) => response.end(bytes)
  const received: number[] = []
  const got = await download(undefined, (count) => received.push(count))
  const place = got.ok ? got.value : ''
  expect(readFileSync(place).equals(bytes)).toBe(true)
  expect(received.at(-1)).toBe(bytes.length)
  expect([statSync(root()).mode & 0o777, statSync(place).mode & 0o777]).toEqual([0o700, 0o600])
  expect(left()).toHaveLength(1)
  expect(await download()).toEqual(got)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ url: '/spacepanda%201.3.0.deb', headers: { 'user-agent': 'SpacePanda' } })
  expect(JSON.stringify(asked)).not.toMatch(/cookie|referer/i)
})

test.each<[string, RequestListener, string]>([
  ['a flipped byte', (_q, r) => r.end(Buffer.from(bytes).fill('x', 1_000, 1_001)), 'wrong-package'],
  ['a byte more', (_q, r) => r.end(Buffer.concat([bytes, Buffer.from('x')])), 'wrong-package'],
  ['a byte less', (_q, r) => r.end(bytes.subarray(1)), 'cut-off'],
  ['nothing', (_q, r) => r.end(), 'cut-off'],
  [
    'a line that breaks',
    (_q, r) => void r.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 90_000), () => r.destroy()),
    'cut-off',
  ],
  ['no such file', (_q, r) => r.writeHead(404).end(), 'unreachable'],
  ['a way to somewhere else', (_q, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'unreachable'],
  ['a hang-up', (_q, r) => r.destroy(), 'unreachable'],
])('of %s nothing is left', async (_what, listener, failure) => {
  answer = listener
  expect(await download()).toEqual({ ok: false, error: failure })
  expect(left()).toEqual([])
})

test('a server that sends for ever is left at the size that was signed', async () => {
  let closed = false
  answer = (_request, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(65_536), more)
    }
    response.on('close', () => (closed = true))
    more()
  }
  expect(await download()).toEqual({ ok: false, error: 'wrong-package' })
  await vi.waitFor(() => expect(closed).toBe(true))
})

test('it can be cancelled half-way', async () => {
  answer = (_request, response) => void response.write(bytes.subarray(0, 90_000))
  const controller = new AbortController()
  expect(await download(controller.signal, () => controller.abort())).toEqual({ ok: false, error: 'cancelled' })
  expect(left()).toEqual([])
})

test('a server that falls silent is given up', async () => {
  const clock = new FakeClock()
  answer = (_request, response) => void response.write(bytes.subarray(0, 90_000))
  const store = new PackageStore(root())
  let told = false
  const got = store.download({ server: served(clock), file, signal: new AbortController().signal, onProgress: () => (told = true) })
  await vi.waitFor(() => expect(told && clock.pending.length > 0).toBe(true))
  clock.advance(60_000)
  expect(await got).toEqual({ ok: false, error: 'cut-off' })
})

test('a server that sends a little now and then is given up, too', async () => {
  const clock = new FakeClock()
  let drip = (): unknown => null
  answer = (_request, response) => {
    let sent = 0
    drip = () => response.write(bytes.subarray(sent, ++sent))
    drip()
  }
  const store = new PackageStore(root())
  const received: number[] = []
  const onProgress = (count: number) => received.push(count)
  let over = false
  const got = store.download({ server: served(clock), file, signal: new AbortController().signal, onProgress }).finally(() => (over = true))
  for (let count = 1; count <= 3; count += 1) {
    await vi.waitFor(() => expect([received.length, clock.pending.length]).toEqual([count, 1]))
    clock.advance(15_000)
    drip()
  }
  await vi.waitFor(() => expect([received.length, over]).toEqual([4, false]))
  await vi.waitFor(() => expect(clock.pending).toHaveLength(1))
  clock.advance(15_000)
  expect(await got).toEqual({ ok: false, error: 'cut-off' })
})

test('where it cannot be written it says so', async () => {
  answer = (_request, response) => response.end(bytes)
  writeFileSync(root(), 'a file in the place of the folder')
  expect(await download()).toEqual({ ok: false, error: 'disk' })
})

test('what was changed while it lay there is not found, and what is of no use any more goes', async () => {
  answer = (_request, response) => response.end(bytes)
  const got = await download()
  const place = got.ok ? got.value : ''
  const store = new PackageStore(root())
  mkdirSync(join(root(), 'old'))
  await store.clear(file)
  expect(await store.find(file)).toBe(place)
  expect(left()).toHaveLength(1)
  chmodSync(place, 0o600)
  writeFileSync(place, Buffer.from(bytes).fill('x', 5, 6))
  expect(await store.find(file)).toBeNull()
  await store.clear()
  expect(left()).toEqual([])
})

test('of an announcement no more is read than one can have', async () => {
  answer = (_request, response) => response.end(Buffer.alloc(MAX_ANNOUNCEMENT_BYTES * 2))
  expect(await served().announcement(new AbortController().signal)).toHaveLength(MAX_ANNOUNCEMENT_BYTES + 1)
  answer = (_request, response) => response.end('short')
  expect(Buffer.from(await served().announcement(new AbortController().signal)).toString()).toBe('short')
  expect(asked.map(({ url }) => url)).toEqual([`/${ANNOUNCEMENT_NAME}`, `/${ANNOUNCEMENT_NAME}`])
})
