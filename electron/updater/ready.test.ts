import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
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

/** What lies ready to be installed. */
describe('a package that was downloaded', () => {
  let served: Uint8Array
  let looks: number
  let isSilent: boolean
  let folder: string
  let packages: PackageStore
  let clock: FakeClock
  let updater: Updater
  const install = vi.fn<Means['install']>()
  const restart = vi.fn<() => void>()

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ready-'))
    served = serve()
    looks = 0
    isSilent = false
    install.mockReset().mockResolvedValue(ok(null))
    restart.mockReset()
    clock = new FakeClock(NOW)
    packages = new PackageStore(join(folder, 'updates'))
    const server: Means['server'] = {
      announcement: async () => {
        looks += 1
        if (isSilent) throw new Error('no network')
        return served
      },
      packageBytes: async function* () {
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
    await vi.waitFor(() => expect(updater.view.step.kind).toBe('offered'))
    updater.wish('download')
    await vi.waitFor(() => expect(updater.view.step.kind).toBe('ready'))
    onTestFinished(() => {
      updater.stop()
      rmSync(folder, { recursive: true })
    })
  })

  it.each<[string, Partial<Release>]>([
    ['one that has no file for this system', { version: '1.3.1', files: [{ ...deb, arch: 'arm64' }] }],
    ['one from before what is installed here', { version: '1.1.0' }],
  ])('is thrown away when it is withdrawn by %s', async (_, change) => {
    served = serve({ date: '2026-11-26T11:00:00Z', ...change })
    const before = looks
    clock.advance(8 * 3_600_000)
    await vi.waitFor(() => expect([looks > before, updater.view.step.kind]).toEqual([true, 'failed']))
    updater.wish('install')
    expect([install.mock.calls.length, readdirSync(join(folder, 'updates'))]).toEqual([0, []])
  })

  it('stays when what comes is not believed', async () => {
    served = announce(makeRelease({ files: [deb], date: '2026-11-26T11:00:00Z', version: '1.1.0' }), [makers[0]])
    const before = looks
    clock.advance(8 * 3_600_000)
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before))
    updater.wish('install')
    await vi.waitFor(() => expect(restart).toHaveBeenCalledOnce())
  })

  it('is not installed more than thirty days after it was announced, and said to be too old where nothing is heard', async () => {
    served = new Uint8Array()
    clock.advance(29 * DAY)
    expect(updater.view.step.kind).toBe('ready')
    updater.wish('automatic-off')
    clock.advance(2 * DAY)
    updater.wish('install')
    await vi.waitFor(() => expect(updater.view.step).toMatchObject({ kind: 'failed', failure: 'stale', offer: null }))
    expect([install.mock.calls.length, readdirSync(join(folder, 'updates'))]).toEqual([0, []])
  })

  it('is thrown away after thirty days in which the server said nothing', async () => {
    isSilent = true
    clock.advance(31 * DAY)
    await vi.waitFor(() => expect(updater.view.step).toMatchObject({ kind: 'failed', failure: 'stale' }))
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
    await new Promise((resolve) => setImmediate(resolve))
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
    await new Promise((resolve) => setImmediate(resolve))
    expect(install).not.toHaveBeenCalled()
  })
})
