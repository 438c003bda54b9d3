import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { UpdateStep } from '../../shared/ipc/updates.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { MemoryFile } from './memory.ts'
import { PackageStore } from './package-store.ts'
import type { Release } from './release/release.ts'
import { NOW, announce, keySetOf, makeMakers, makeRelease } from './test-support/makers.ts'
import { Updater } from './updater.ts'
import type { Means } from './updater.ts'

const makers = makeMakers()
const bytes = Buffer.from('the next version')
const sha512 = createHash('sha512').update(bytes).digest('hex')
const deb = { platform: 'linux', arch: 'x64', kind: 'deb', name: 'b.deb', size: bytes.length, sha512 } as const
const serve = (change: Partial<Release> = {}) => announce(makeRelease({ files: [deb], ...change }), [makers[0], makers[1]])

const DAY = 86_400_000

let served: Uint8Array
let asked: string[]
let isSilent: boolean
let folder: string
let packages: PackageStore
let clock: FakeClock
let updater: Updater
const install = vi.fn<Means['install']>()
const restart = vi.fn<() => void>()
const step = (): UpdateStep => updater.view.step
/** Whatever was begun and needs no disk is over. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ready-'))
  served = serve()
  asked = []
  isSilent = false
  install.mockReset().mockResolvedValue(ok(null))
  restart.mockReset()
  clock = new FakeClock(NOW)
  packages = new PackageStore(join(folder, 'updates'))
  const server: Means['server'] = {
    announcement: async () => {
      asked.push('announcement')
      if (isSilent) throw new Error('no network')
      return served
    },
    packageBytes: async function* (name) {
      asked.push(name)
      yield bytes
    },
  }
  const installed = { version: '1.2.0', platform: 'linux', arch: 'x64', kind: 'deb' as const }
  const memory = new MemoryFile(join(folder, 'updates.json'), { ...systemRandom, fraction: () => 0 })
  memory.save({ began: 0 })
  updater = new Updater({
    ...{ clock, logger: silentLogger, onChange: () => undefined, random: { ...systemRandom, fraction: () => 0.5 } },
    means: ok({ server, keys: keySetOf(makers), installed, packages, install, restart }),
    memory,
  })
  updater.start()
  updater.wish('check')
  await vi.waitFor(() => expect(step().kind).toBe('offered'))
  onTestFinished(() => {
    updater.stop()
    rmSync(folder, { recursive: true })
  })
})

/** What lies ready to be installed. */
describe('a package that was downloaded', () => {
  beforeEach(async () => {
    updater.wish('download')
    await vi.waitFor(() => expect(step().kind).toBe('ready'))
    asked = []
  })

  it.each<[string, Partial<Release>]>([
    ['one that has no file for this system', { version: '1.3.1', files: [{ ...deb, arch: 'arm64' }] }],
    ['one from before what is installed here', { version: '1.1.0' }],
  ])('is thrown away when it is withdrawn by %s', async (_, change) => {
    served = serve({ date: '2026-11-26T11:00:00Z', ...change })
    clock.advance(8 * 3_600_000)
    await vi.waitFor(() => expect([asked.length, step().kind]).toEqual([1, 'failed']))
    updater.wish('install')
    expect([install.mock.calls.length, readdirSync(join(folder, 'updates'))]).toEqual([0, []])
  })

  it('stays when what comes is not believed', async () => {
    served = announce(makeRelease({ files: [deb], date: '2026-11-26T11:00:00Z', version: '1.1.0' }), [makers[0]])
    clock.advance(8 * 3_600_000)
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    updater.wish('install')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })

  it('is not installed more than thirty days after it was announced, and said to be too old where nothing is heard', async () => {
    served = new Uint8Array()
    clock.advance(29 * DAY)
    expect(step().kind).toBe('ready')
    updater.wish('automatic-off')
    clock.advance(2 * DAY)
    updater.wish('install')
    await vi.waitFor(() => expect(step()).toMatchObject({ kind: 'failed', failure: 'stale', offer: null }))
    expect([install.mock.calls.length, readdirSync(join(folder, 'updates'))]).toEqual([0, []])
  })

  it('is thrown away after thirty days in which the server said nothing', async () => {
    isSilent = true
    clock.advance(31 * DAY)
    await vi.waitFor(() => expect(step()).toMatchObject({ kind: 'failed', failure: 'stale' }))
    await vi.waitFor(() => expect(readdirSync(join(folder, 'updates'))).toEqual([]))
  })

  it('is not started again for who quits while the system asks for a password', async () => {
    const dialog = Promise.withResolvers<Result<null, never>>()
    install.mockReturnValue(dialog.promise)
    updater.wish('install')
    await vi.waitFor(() => expect(install).toHaveBeenCalledOnce())
    updater.stop()
    dialog.resolve(ok(null))
    await dialog.promise.then(() => undefined)
    await settled()
    expect(restart).not.toHaveBeenCalled()
  })

  it('is not installed if the program ends while it is verified once more', async () => {
    const verified = Promise.withResolvers<null>()
    const find = packages.find.bind(packages)
    const found = vi.spyOn(packages, 'find').mockImplementation(async (file) => {
      await verified.promise
      return find(file)
    })
    updater.wish('install')
    updater.stop()
    verified.resolve(null)
    await found.mock.results[0]?.value
    await settled()
    expect(install).not.toHaveBeenCalled()
  })
})

/** An answer is there, and what lies in the folder is being thrown away. */
describe('what is wished while a look by itself comes to its end', () => {
  const held = async (change: Partial<Release> = {}) => {
    served = serve({ date: '2026-11-26T11:00:00Z', ...change })
    const clearing = Promise.withResolvers<undefined>()
    const clear = vi.spyOn(packages, 'clear').mockReturnValueOnce(clearing.promise)
    asked = []
    clock.advance(3 * 3_600_000)
    await vi.waitFor(() => expect(clear).toHaveBeenCalledOnce())
    return async () => {
      clearing.resolve(undefined)
      await clearing.promise
      await settled()
    }
  }
  const other = { version: '1.4.0', files: [{ ...deb, sha512: 'ab'.repeat(64) }] }

  it('is done after it', async () => {
    const goOn = await held()
    updater.wish('update')
    expect(asked).toEqual(['announcement'])
    await goOn()
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
    expect(asked).toEqual(['announcement', 'b.deb'])
  })

  it.each<[string, Partial<Release>, 'later' | 'cancel' | null]>([
    ['it found something else', other, null],
    ['it was put off', {}, 'later'],
    ['it was cancelled', {}, 'cancel'],
  ])('is forgotten where %s', async (_, change, then) => {
    const goOn = await held(change)
    updater.wish('update')
    if (then !== null) updater.wish(then)
    await goOn()
    expect(step()).toMatchObject({ kind: 'offered', offer: { version: change.version ?? '1.3.0', date: '2026-11-26T11:00:00Z' } })
    expect(asked).toEqual(['announcement'])
  })
})
