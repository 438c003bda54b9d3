import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ProfileStatus, Settings } from '../../../shared/domain/models.ts'
import { usualSettings } from '../../../shared/domain/usual-settings.ts'
import { AppError } from '../../kernel/errors.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { Background } from './background.ts'
import type { TrayView } from './background.ts'
import { trayMenu, trayWords } from './tray-menu.ts'

const open = (passphrase = true) => ({ kind: 'open', profile: { passphrase } }) as ProfileStatus
const locked: ProfileStatus = { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false }

function setUp({ keepRunning = true, hasTray = true } = {}) {
  const world = { status: open(), settings: { ...usualSettings, keepRunning }, made: 0, gone: 0, warned: 0 }
  const views: (TrayView | 'removed')[] = []
  const background = new Background({
    logger: { ...silentLogger, warn: () => (world.warned += 1) },
    api: {
      'profile.status': async () => world.status,
      'settings.get': async () => {
        if (world.status.kind !== 'open') throw new AppError('locked', 'Locked.')
        return world.settings
      },
    },
    makeTray: () => {
      world.made += 1
      return hasTray ? { show: (view) => views.push(view), remove: () => views.push('removed') } : null
    },
    onTrayGone: () => (world.gone += 1),
  })
  const become = async (status: ProfileStatus): Promise<void> => {
    world.status = status
    background.heard({ event: 'profile.changed', data: status })
    await setImmediate()
  }
  const choose = (part: Partial<Settings>) => background.heard({ event: 'settings.changed', data: { ...world.settings, ...part } })
  return { background, world, views, become, choose }
}

it('outlives its window once the profile is open and says so', async () => {
  const { background, become, views } = setUp()
  expect(background.keepsRunning).toBe(false)
  await become(open())
  expect(background.keepsRunning).toBe(true)
  expect(views.at(-1)).toEqual({ standing: 'open', canLock: true, isUnread: false })
})

it('does not where the person did not choose it, nor where no icon can be made', async () => {
  for (const options of [{ keepRunning: false }, { hasTray: false }]) {
    const { background, become } = setUp(options)
    await become(open())
    expect(background.keepsRunning).toBe(false)
  }
})

it('goes on doing so while the profile is locked, and shows nothing of it', async () => {
  const { background, become, views } = setUp()
  await become(open())
  background.setUnread(3)
  expect(views.at(-1)).toMatchObject({ isUnread: true })
  background.setUnread(0)
  await become(locked)
  expect([background.keepsRunning, views.at(-1)]).toEqual([true, { standing: 'locked', canLock: false, isUnread: false }])
})

it('follows what is chosen at once, in both directions', async () => {
  const { background, become, choose, world, views } = setUp({ keepRunning: false })
  await become(open(false))
  choose({ keepRunning: true })
  choose({ keepRunning: true })
  expect([background.keepsRunning, world.made, views]).toEqual([true, 1, [{ standing: 'open', canLock: false, isUnread: false }]])
  choose({ keepRunning: false })
  choose({ keepRunning: false })
  expect([background.keepsRunning, views.at(-1), world.gone]).toEqual([false, 'removed', 1])
})

it('knows nothing of a profile that was locked while it asked, and does not complain', async () => {
  const { background, world } = setUp()
  const asking = background.ask()
  world.status = locked
  await asking
  expect([background.keepsRunning, world.warned]).toEqual([false, 0])
})

it('takes the icon away when the program ends, and does not take that for a wish', async () => {
  const { background, become, choose, views, world } = setUp()
  await become(open())
  background.stop()
  choose({ keepRunning: true })
  expect([background.keepsRunning, views.at(-1), world.gone, world.made]).toEqual([false, 'removed', 0, 1])
})

it('offers to lock only what a passphrase opens', () => {
  const done: string[] = []
  const actions = { open: () => done.push('open'), lock: () => done.push('lock'), quit: () => done.push('quit') }
  const labels = (canLock: boolean) => trayMenu({ standing: 'open', canLock, isUnread: true }, actions).flatMap(({ label }) => label ?? [])
  expect(labels(true)).toEqual(['Open SpacePanda', 'Lock', 'Quit'])
  expect(labels(false)).toEqual(['Open SpacePanda', 'Quit'])
  expect(trayWords({ standing: 'locked', canLock: false, isUnread: false })).toMatch(/no messages come in/)
})
