import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test, vi, onTestFinished } from 'vitest'
import type { UpdateStep, UpdateView, UpdateWish } from '../../shared/ipc/updates.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { err, ok } from '../kernel/result.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { MemoryFile } from './memory.ts'
import { PackageStore } from './package-store.ts'
import type { Release, ReleaseFile } from './release/release.ts'
import { NOW, announce, keySetOf, makeMakers, makeRelease, rotate } from './test-support/makers.ts'
import type { UpdateServer } from './update-server.ts'
import { Updater } from './updater.ts'
import type { Means, UpdaterDeps } from './updater.ts'

const makers = makeMakers()
const [ada, bo] = makers
const bytes = Buffer.from('the next version')
const sha512 = createHash('sha512').update(bytes).digest('hex')
const deb: ReleaseFile = { platform: 'linux', arch: 'x64', kind: 'deb', name: 'b.deb', size: bytes.length, sha512 }
const HOUR = 3_600_000

let folder = ''
let clock: FakeClock
let views: UpdateView[]
let served: Uint8Array | null
/** The server takes the question and says nothing. */
let holdAnswers = false
let asked: string[]
let chunks: () => AsyncIterable<Uint8Array>
let updater: Updater
const install = vi.fn<Means['install']>()
const restart = vi.fn<() => void>()

async function* whole(): AsyncIterable<Uint8Array> {
  yield bytes.subarray(0, 5)
  yield bytes.subarray(5)
}

const server: UpdateServer = {
  announcement: () => {
    asked.push('announcement')
    if (holdAnswers) return new Promise(() => undefined)
    return served === null ? Promise.reject(new Error('no network')) : Promise.resolve(served)
  },
  packageBytes: (name) => {
    asked.push(name)
    return chunks()
  },
}

function begin(change: { isNew?: boolean; share?: number; means?: UpdaterDeps['means'] } = {}): MemoryFile {
  const memory = new MemoryFile(join(folder, 'updates.json'), { ...systemRandom, fraction: () => (change.share ?? 0) / 100 })
  const means = ok({
    server,
    keys: keySetOf(makers),
    installed: { version: '1.2.0', platform: 'linux', arch: 'x64', kind: 'deb' as const },
    packages: new PackageStore(join(folder, 'updates')),
    install,
    restart,
  })
  if (memory.value.began === null && change.isNew !== true) memory.save({ began: 0 })
  updater = new Updater({
    means: change.means ?? means,
    memory,
    clock,
    random: { ...systemRandom, fraction: () => 0.5 },
    logger: silentLogger,
    onChange: (view) => views.push(view),
  })
  updater.start()
  return memory
}

const offer = (change: Partial<Release> = {}): void => {
  served = announce(makeRelease({ files: [deb], ...change }), [ada, bo])
}
const step = (): UpdateStep => updater.view.step
const until = (kind: UpdateStep['kind']): Promise<void> => vi.waitFor(() => expect(step().kind).toBe(kind))
const check = async (): Promise<void> => {
  updater.wish('check')
  await vi.waitFor(() => expect(step().kind).not.toBe('checking'))
}
/** Whatever was begun and needs no disk is over. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const makeReady = async (): Promise<void> => {
  await check()
  updater.wish('download')
  await until('ready')
}

beforeEach(() => {
  vi.resetAllMocks()
  folder = mkdtempSync(join(tmpdir(), 'updater-'))
  clock = new FakeClock(NOW)
  views = []
  asked = []
  chunks = whole
  holdAnswers = false
  install.mockResolvedValue(ok(null))
  offer()
})
afterEach(() => {
  updater.stop()
  rmSync(folder, { recursive: true })
})

test('from looking to restarting, each step when it is asked for, and every one told', async () => {
  begin()
  await check()
  expect(step()).toEqual({
    kind: 'offered',
    later: false,
    offer: {
      version: '1.3.0',
      date: '2026-11-26T09:00:00Z',
      notes: 'What changed.\nEverything.',
      size: bytes.length,
      signers: ['Ada', 'Bo'],
    },
  })
  expect(updater.view.checkedAt).toBe(NOW)
  expect(asked).toEqual(['announcement'])
  updater.wish('download')
  await until('ready')
  expect(asked).toEqual(['announcement', 'b.deb'])
  expect(install).not.toHaveBeenCalled()
  updater.wish('install')
  await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  expect(install).toHaveBeenCalledExactlyOnceWith(deb, expect.stringContaining(sha512.slice(0, 32)))
  // Of no use any more.
  expect(readdirSync(join(folder, 'updates'))).toEqual([])
  const kinds = views.map((view) => view.step.kind).filter((kind, i, all) => kind !== all[i - 1])
  expect(kinds).toEqual(['checking', 'offered', 'downloading', 'ready', 'installing'])
})

describe('one wish for all of it', () => {
  /** The download takes so long. */
  const slow = (ms: number) => {
    chunks = async function* () {
      yield bytes.subarray(0, 5)
      clock.advance(ms)
      yield bytes.subarray(5)
    }
  }
  const wanted = async (ms: number) => {
    begin()
    await check()
    slow(ms)
    updater.wish('update')
  }
  const kinds = () => views.map((view) => view.step.kind).filter((kind, i, all) => kind !== all[i - 1])

  it('downloads, verifies, installs and restarts', async () => {
    await wanted(14_000)
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
    expect(install).toHaveBeenCalledExactlyOnceWith(deb, expect.stringContaining(sha512.slice(0, 32)))
    expect(kinds()).toEqual(['checking', 'offered', 'downloading', 'installing'])
  })

  it('that took a while says so first, and goes on by itself', async () => {
    await wanted(16_000)
    await until('ready')
    expect(step()).toMatchObject({ soon: true, later: false })
    clock.advance(14_999)
    await settled()
    expect(install).not.toHaveBeenCalled()
    clock.advance(1)
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })

  it.each<UpdateWish | 'stop'>(['later', 'stop'])('that took a while does not go on after %s', async (what) => {
    await wanted(16_000)
    await until('ready')
    if (what === 'stop') updater.stop()
    else updater.wish(what)
    clock.advance(60_000)
    await settled()
    expect(install).not.toHaveBeenCalled()
    if (what === 'later') expect(step()).toMatchObject({ kind: 'ready', later: true })
  })

  it('that took a while can be hastened, and happens once', async () => {
    await wanted(16_000)
    await until('ready')
    updater.wish('install')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
    clock.advance(60_000)
    await settled()
    expect(install).toHaveBeenCalledOnce()
  })

  it.each<UpdateWish | 'stop'>(['cancel', 'stop'])('installs nothing after %s, though all of it has come', async (what) => {
    begin()
    await check()
    const download = vi.spyOn(PackageStore.prototype, 'download')
    download.mockImplementationOnce(async (wanted) => {
      const got = await new PackageStore(join(folder, 'updates')).download(wanted)
      if (what === 'stop') updater.stop()
      else updater.wish(what)
      return got
    })
    onTestFinished(() => download.mockRestore())
    updater.wish('update')
    await until('offered')
    await settled()
    expect(install).not.toHaveBeenCalled()
  })

  it('installs nothing that is newer than what was wanted', async () => {
    await wanted(6 * HOUR + 2.5 * 60_000 - 5_000)
    await until('ready')
    offer({ version: '1.4.0', date: '2026-11-26T11:00:00Z', files: [{ ...deb, sha512: 'ab'.repeat(64) }] })
    clock.advance(10_000)
    await until('offered')
    clock.advance(60_000)
    await settled()
    expect([step().kind, install.mock.calls]).toEqual(['offered', []])
  })

  it.each(['cut-off', 'not-permitted'] as const)('that fails (%s) is tried again by one more', async (failure) => {
    begin()
    await check()
    if (failure === 'cut-off')
      chunks = async function* () {
        yield bytes.subarray(0, 5)
      }
    else install.mockResolvedValueOnce(err(failure))
    updater.wish('update')
    await until('failed')
    expect(step()).toMatchObject({ failure, offer: { version: '1.3.0' } })
    expect(restart).not.toHaveBeenCalled()
    chunks = whole
    updater.wish('update')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })
})

describe('looking by itself', () => {
  it('begins some minutes after a start, goes on every few hours, and downloads nothing', async () => {
    begin()
    clock.advance(29_000)
    expect(asked).toEqual([])
    clock.advance(5 * 60_000)
    await until('offered')
    clock.advance(7 * HOUR)
    expect(asked).toEqual(['announcement', 'announcement'])
    await vi.waitFor(() => expect(views).toHaveLength(2))
  })

  it('begins a day after the very first start', async () => {
    begin({ isNew: true })
    clock.advance(23 * HOUR)
    expect(asked).toEqual([])
    clock.advance(HOUR)
    expect(asked).toEqual(['announcement'])
    await until('offered')
  })

  it('does so also where it is started, or woken, again on that day', async () => {
    begin({ isNew: true })
    clock.advance(HOUR)
    updater.stop()
    begin({ isNew: true })
    clock.advance(12 * HOUR)
    updater.woke()
    clock.advance(10 * HOUR)
    expect(asked).toEqual([])
    clock.advance(HOUR)
    expect(asked).toEqual(['announcement'])
    await until('offered')
  })

  it('is switched off, and stays so; asking still looks', async () => {
    begin()
    expect(updater.wish('automatic-off').automatic).toBe(false)
    clock.advance(100 * HOUR)
    updater.stop()
    begin()
    clock.advance(100 * HOUR)
    expect(asked).toEqual([])
    await check()
    expect(asked).toEqual(['announcement'])
    updater.wish('automatic-on')
    const before = views.length
    clock.advance(7 * HOUR)
    expect(asked).toHaveLength(2)
    await vi.waitFor(() => expect(views.length).toBeGreaterThan(before))
  })

  it('says nothing of a network that is not there, and says what was refused', async () => {
    begin()
    served = null
    clock.advance(5 * 60_000)
    await settled()
    expect(asked).toHaveLength(1)
    expect(views).toEqual([])
    served = announce(makeRelease({ files: [deb] }), [ada])
    clock.advance(7 * HOUR)
    await until('failed')
    expect(step()).toEqual({ kind: 'failed', failure: 'untrusted', offer: null, later: false })
  })

  it('says after thirty days that nothing newer was heard, also of a server that only never answers', async () => {
    begin()
    offer({ version: '1.2.0' })
    await check()
    served = null
    clock.advance(29 * 24 * HOUR)
    await settled()
    expect(step()).toEqual({ kind: 'current' })
    clock.advance(2 * 24 * HOUR)
    await until('failed')
    expect(step()).toEqual({ kind: 'failed', failure: 'stale', offer: null, later: false })
  })

  it('is brought up no more once it was put off, until it is another trouble', async () => {
    begin()
    updater.start()
    served = announce(makeRelease({ files: [deb] }), [ada])
    clock.advance(HOUR)
    await until('failed')
    updater.wish('later')
    clock.advance(8 * HOUR)
    await settled()
    expect(step()).toEqual({ kind: 'failed', failure: 'untrusted', offer: null, later: true })
    served = announce(makeRelease({ date: '2026-10-01T00:00:00Z', files: [deb] }), [ada, bo])
    clock.advance(8 * HOUR)
    await settled()
    expect(step()).toEqual({ kind: 'failed', failure: 'stale', offer: null, later: false })
  })

  it('comes soon where the computer slept through it, and not where it did not', async () => {
    begin()
    updater.start()
    served = announce(makeRelease({ files: [deb] }), [ada])
    clock.advance(HOUR)
    await until('failed')
    await settled()
    expect(asked).toHaveLength(1)
    updater.woke()
    clock.advance(HOUR)
    expect(asked).toHaveLength(1)
    clock.putBack(-20 * HOUR)
    updater.woke()
    clock.advance(HOUR / 6)
    expect(asked).toHaveLength(2)
  })

  it('is in nobody’s way while it waits for an answer', async () => {
    begin()
    await check()
    holdAnswers = true
    clock.advance(7 * HOUR)
    expect(asked).toHaveLength(2)
    updater.wish('download')
    await until('ready')
    clock.advance(7 * HOUR)
    expect(asked).toHaveLength(4)
    updater.wish('install')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })

  it('offers a roll-out to those whose turn it is, and to whoever asks', async () => {
    begin({ share: 20 })
    offer({ rollout: 20 })
    clock.advance(5 * 60_000)
    await until('current')
    offer({ rollout: 21, date: '2026-11-26T10:00:00Z' })
    clock.advance(7 * HOUR)
    await until('offered')
    updater.stop()
    begin({ share: 99 })
    offer({ rollout: 0, date: '2026-11-26T11:00:00Z' })
    await check()
    expect(step().kind).toBe('offered')
  })

  it('reminds nobody who said later of the same version, and does of the next', async () => {
    begin()
    await check()
    updater.wish('later')
    expect(step()).toMatchObject({ kind: 'offered', later: true })
    clock.advance(7 * HOUR)
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    await vi.waitFor(() => expect(views).toHaveLength(4))
    expect(step()).toMatchObject({ kind: 'offered', later: true })
    // A look that fails in between does not make it news.
    served = null
    await check()
    expect(step().kind).toBe('failed')
    offer()
    clock.advance(7 * HOUR)
    await until('offered')
    expect(step()).toMatchObject({ kind: 'offered', later: true })
    offer({ version: '1.4.0', date: '2026-11-26T13:00:00Z' })
    clock.advance(7 * HOUR)
    await vi.waitFor(() => expect(step()).toMatchObject({ offer: { version: '1.4.0' }, later: false }))
  })
})

test.each([
  ['nobody is there', null, 'unreachable'],
  ['a page of somebody’s network', Buffer.from('<html>'), 'unreadable'],
  ['one signature of two', announce(makeRelease({ files: [deb] }), [ada]), 'untrusted'],
  ['an older version', announce(makeRelease({ version: '1.1.0', files: [deb] }), [ada, bo]), 'older-version'],
  ['old news', announce(makeRelease({ date: '2026-10-01T00:00:00Z', files: [deb] }), [ada, bo]), 'stale'],
  ['news of tomorrow’s tomorrow', announce(makeRelease({ date: '2026-11-28T13:00:00Z', files: [deb] }), [ada, bo]), 'from-the-future'],
  ['another system', announce(makeRelease({ files: [{ ...deb, arch: 'arm64' }] }), [ada, bo]), 'not-for-this-system'],
])('asked to look, it says that %s, and downloads nothing', async (_what, answer, failure) => {
  begin()
  served = answer
  await check()
  expect(step()).toEqual({ kind: 'failed', failure, offer: null, later: false })
  updater.wish('download')
  updater.wish('install')
  expect([asked, install.mock.calls]).toEqual([['announcement'], []])
})

test('an older announcement is refused after a restart, too, and one that could not be remembered is not acted upon', async () => {
  begin()
  await check()
  updater.stop()
  begin()
  offer({ date: '2026-11-26T08:00:00Z' })
  await check()
  expect(step()).toMatchObject({ failure: 'replayed' })
  offer({ date: '2026-11-26T11:00:00Z' })
  rmSync(folder, { recursive: true })
  await check()
  expect(step()).toMatchObject({ failure: 'disk' })
  folder = mkdtempSync(join(tmpdir(), 'updater-'))
})

test.each<[string, Partial<Release>]>([
  ['has no package for this system', { version: '1.4.0', files: [{ ...deb, arch: 'arm64' }] }],
  ['announces an older version', { version: '1.1.0' }],
])('what %s is news all the same: what came before it, and the keys before it, are believed no more', async (_what, change) => {
  const [, , cy] = makers
  const dee = makeMakers(['Dee', 'Eve', 'Fay'])[0]
  const rotations = [rotate(keySetOf([ada, bo, dee], 1), [ada, bo])]
  begin()
  served = announce(makeRelease({ files: [deb], date: '2026-11-26T11:00:00Z', ...change }), [ada, dee], rotations)
  await check()
  expect(step()).toMatchObject({ kind: 'failed', offer: null })
  offer()
  await check()
  expect(step()).toMatchObject({ failure: 'replayed' })
  served = announce(makeRelease({ files: [deb], date: '2026-11-26T11:30:00Z' }), [ada, cy])
  await check()
  expect(step()).toMatchObject({ failure: 'untrusted' })
})

test('this version is the newest', async () => {
  begin()
  offer({ version: '1.2.0' })
  await check()
  expect(step()).toEqual({ kind: 'current' })
})

describe('a download', () => {
  it('can be cancelled, and begun anew', async () => {
    begin()
    await check()
    chunks = async function* () {
      yield bytes.subarray(0, 5)
      updater.wish('cancel')
      yield bytes.subarray(5, 6)
    }
    updater.wish('download')
    await until('offered')
    chunks = whole
    updater.wish('download')
    await until('ready')
  })

  it('of other bytes is refused, and can be tried again', async () => {
    begin()
    await check()
    chunks = async function* () {
      yield Buffer.from('The next version')
    }
    updater.wish('download')
    await until('failed')
    expect(step()).toMatchObject({ failure: 'wrong-package', offer: { version: '1.3.0' } })
    chunks = whole
    updater.wish('download')
    await until('ready')
  })

  it('that is ready stays so, whatever is asked meanwhile', async () => {
    begin()
    await makeReady()
    updater.wish('check')
    updater.wish('download')
    updater.wish('cancel')
    expect(step().kind).toBe('ready')
    expect(updater.wish('later').step).toMatchObject({ kind: 'ready', later: true })
    expect(asked).toEqual(['announcement', 'b.deb'])
  })

  it('that is ready stays so while it is announced, and goes when it is withdrawn', async () => {
    begin()
    await makeReady()
    offer({ date: '2026-11-26T11:00:00Z', rollout: 0 })
    clock.advance(7 * HOUR)
    await vi.waitFor(() => expect(updater.view.checkedAt).toBe(clock.now()))
    served = null
    clock.advance(7 * HOUR)
    served = announce(makeRelease(), [ada])
    clock.advance(7 * HOUR)
    await settled()
    expect(step()).toMatchObject({ kind: 'ready', offer: { version: '1.3.0' } })
    offer({ version: '1.2.0', date: '2026-11-27T11:00:00Z' })
    clock.advance(7 * HOUR)
    await until('current')
    updater.wish('install')
    await settled()
    expect([install.mock.calls, readdirSync(join(folder, 'updates'))]).toEqual([[], []])
  })

  it('that is ready makes room for a newer one', async () => {
    begin()
    await makeReady()
    offer({ version: '1.4.0', date: '2026-11-26T11:00:00Z', files: [{ ...deb, sha512: 'ab'.repeat(64) }] })
    clock.advance(7 * HOUR)
    await until('offered')
    expect(step()).toMatchObject({ kind: 'offered', offer: { version: '1.4.0' }, later: false })
  })

  it('is not made twice at a time', async () => {
    begin()
    await check()
    updater.wish('download')
    updater.wish('download')
    updater.wish('check')
    await until('ready')
    expect(asked).toEqual(['announcement', 'b.deb'])
  })
})

describe('installing', () => {
  it('that fails leaves this version running, and says why', async () => {
    begin()
    await makeReady()
    install.mockResolvedValueOnce(err('not-permitted'))
    updater.wish('install')
    await until('failed')
    expect(step()).toMatchObject({ failure: 'not-permitted', offer: { version: '1.3.0' } })
    expect(restart).not.toHaveBeenCalled()
    updater.wish('download')
    await until('ready')
    expect(asked).toEqual(['announcement', 'b.deb']) // it lay there
    const clear = vi.spyOn(PackageStore.prototype, 'clear').mockRejectedValueOnce(new Error('read-only'))
    onTestFinished(() => clear.mockRestore())
    updater.wish('install')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })

  it('that failed and was put off is not brought up by the next look, and is by whoever asks', async () => {
    begin()
    await makeReady()
    install.mockResolvedValueOnce(err('not-permitted'))
    updater.wish('install')
    await until('failed')
    expect(updater.wish('later').step).toMatchObject({ kind: 'failed', failure: 'not-permitted', later: true })
    clock.advance(7 * HOUR)
    await until('offered')
    expect(step()).toMatchObject({ kind: 'offered', later: true })
    await check()
    expect(step()).toMatchObject({ kind: 'offered', later: false })
  })

  it('does not happen to a package that was changed while it lay there', async () => {
    begin()
    await makeReady()
    rmSync(join(folder, 'updates'), { recursive: true })
    updater.wish('install')
    await until('failed')
    expect(step()).toMatchObject({ failure: 'wrong-package' })
    expect(install).not.toHaveBeenCalled()
  })
})

test.each(['development', 'no-source', 'unpacked', 'package-manager', 'by-hand'] as const)(
  'a program that cannot update itself (%s) says so, and asks nobody',
  (obstacle) => {
    begin({ means: err(obstacle) })
    clock.advance(100 * HOUR)
    expect(updater.wish('check')).toMatchObject({ obstacle, step: { kind: 'quiet' } })
    expect(asked).toEqual([])
  },
)
