import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LoginItemWish } from '../../shared/ipc/login-item.ts'
import { loginItem } from './login-item.ts'

const settings = { openAtLogin: false }
const app = {
  getLoginItemSettings: vi.fn(() => settings as ReturnType<Parameters<typeof loginItem>[0]['app']['getLoginItemSettings']>),
  setLoginItemSettings: vi.fn((next: Partial<typeof settings>) => void Object.assign(settings, next)),
}
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'login-'))
})
afterEach(() => {
  vi.clearAllMocks()
  rmSync(home, { recursive: true })
})

const asked = (wish: LoginItemWish, change: Partial<Parameters<typeof loginItem>[0]> = {}) =>
  loginItem({ app, platform: 'linux', packaged: true, executable: '/opt/SpacePanda/spacepanda', env: {}, home, ...change }, wish)
const file = () => join(home, '.config', 'autostart', 'spacepanda.desktop')

describe('starting when its person logs in, on Linux', () => {
  it('is a file that says what to start, and no file', async () => {
    expect(await asked('look')).toBe('off')
    expect(await asked('on')).toBe('on')
    expect(readFileSync(file(), 'utf8')).toBe(
      '[Desktop Entry]\nType=Application\nName=SpacePanda\nTryExec=/opt/SpacePanda/spacepanda\nExec="/opt/SpacePanda/spacepanda"\nTerminal=false\n',
    )
    expect(await asked('look')).toBe('on')
    expect(await asked('on')).toBe('on')
    expect(await asked('off')).toBe('off')
    expect(await asked('off')).toBe('off')
    expect(readdirSync(join(home, '.config', 'autostart'))).toEqual([])
  })

  it('lies where the system looks for it', async () => {
    await asked('on', { env: { XDG_CONFIG_HOME: join(home, 'elsewhere') } })
    expect(readdirSync(join(home, 'elsewhere', 'autostart'))).toEqual(['spacepanda.desktop'])
    // A relative one is to be ignored (XDG Base Directory Specification).
    await asked('on', { env: { XDG_CONFIG_HOME: 'relative' } })
    expect(readFileSync(file(), 'utf8')).toContain('TryExec')
  })

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])('was switched off by other means: %s', async (line) => {
    await asked('on')
    writeFileSync(file(), `${readFileSync(file(), 'utf8')}${line}\n`)
    expect(await asked('look')).toBe('off')
    expect(await asked('on')).toBe('on')
  })

  it('starts the image that it runs from, and none of somebody else', async () => {
    const image = join(home, 'Space Panda 100% "$x`\\.AppImage')
    writeFileSync(image, '')
    await asked('on', { executable: '/tmp/.mount_a/spacepanda', env: { APPIMAGE: image, APPDIR: '/tmp/.mount_a' } })
    const line = readFileSync(file(), 'utf8').split('\n')[4]
    expect(line).toBe(`Exec="${home}/Space Panda 100%% \\\\"\\\\$x\\\\\`\\\\\\\\.AppImage"`)
    await asked('on', { env: { APPIMAGE: image, APPDIR: '/tmp/.mount_b' } })
    expect(readFileSync(file(), 'utf8')).toContain('Exec="/opt/SpacePanda/spacepanda"')
  })

  it('is not to be had where a path would be two lines', async () => {
    expect(await asked('on', { executable: '/opt/a\nExec=evil' })).toBe('unavailable')
    expect(readdirSync(home)).toEqual([])
  })

  it('is as it was wished last, however fast', async () => {
    const wishes: LoginItemWish[] = ['on', 'off', 'on', 'on', 'off', 'on']
    expect(await Promise.all(wishes.map((wish) => asked(wish)))).toEqual(wishes)
    expect(readdirSync(join(home, '.config', 'autostart'))).toEqual(['spacepanda.desktop'])
  })

  it('that cannot be written is an error, and changes nothing', async () => {
    await asked('on')
    rmSync(file())
    mkdirSync(file())
    await expect(asked('on')).rejects.toMatchObject({ code: 'disk' })
    expect(readdirSync(join(home, '.config', 'autostart'))).toEqual(['spacepanda.desktop'])
  })
})

describe('starting when its person logs in', () => {
  it.each(['darwin', 'win32'] as const)('is what the system says on %s', async (platform) => {
    settings.openAtLogin = false
    expect(await asked('look', { platform })).toBe('off')
    expect(app.setLoginItemSettings).not.toHaveBeenCalled()
    expect(await asked('on', { platform })).toBe('on')
    expect(await asked('off', { platform })).toBe('off')
  })

  it('is not for what is not installed', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(await asked('on', { platform, packaged: false })).toBe('unavailable')
    expect(app.setLoginItemSettings).not.toHaveBeenCalled()
    expect(readdirSync(home)).toEqual([])
  })
})
