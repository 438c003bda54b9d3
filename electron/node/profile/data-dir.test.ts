import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataDirOf, isFresh } from './data-dir.ts'

describe('the profile folder', () => {
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['the one asked for, before the environment', '/asked', { SPACEPANDA_DATA_DIR: '/env' }, '/asked'],
    ['the one of the environment', undefined, { SPACEPANDA_DATA_DIR: '/env' }, '/env'],
    ["the desktop's, if the environment is empty", undefined, { SPACEPANDA_DATA_DIR: '' }, join(homedir(), '.config', 'SpacePanda')],
    ["the desktop's, if the configured folder is empty", undefined, { XDG_CONFIG_HOME: '' }, join(homedir(), '.config', 'SpacePanda')],
    ["the desktop's, if it is relative", undefined, { XDG_CONFIG_HOME: 'conf' }, join(homedir(), '.config', 'SpacePanda')],
    ['below the configured folder', undefined, { XDG_CONFIG_HOME: '/conf' }, '/conf/SpacePanda'],
  ])('is %s', (_, asked, env, expected) => {
    expect(dataDirOf(asked, 'linux', env)).toBe(expected)
  })

  it('is absolute, so that it stays the same wherever a command is run', () => {
    expect(dataDirOf('here', 'linux', {})).toBe(resolve('here'))
    expect(isAbsolute(dataDirOf('here', 'linux', {}))).toBe(true)
  })

  it("is where each system keeps an application's data", () => {
    expect(dataDirOf(undefined, 'darwin', {})).toBe(join(homedir(), 'Library', 'Application Support', 'SpacePanda'))
    expect(dataDirOf(undefined, 'win32', { APPDATA: '/roaming' })).toBe(join('/roaming', 'SpacePanda'))
    expect(dataDirOf(undefined, 'win32', {})).toBe(join(homedir(), 'AppData', 'Roaming', 'SpacePanda'))
  })

  it('is fresh until there is anything in it that is, was or was to be a profile', () => {
    const folder = mkdtempSync(join(tmpdir(), 'data-dir-'))
    try {
      expect([isFresh(folder), isFresh(join(folder, 'nowhere'))]).toEqual([true, true])
      writeFileSync(join(folder, 'place.json'), '{}')
      expect(isFresh(folder)).toBe(true)
      for (const name of ['profile.json', 'profile.json.copy', 'profile.db', 'restoring']) {
        writeFileSync(join(folder, name), '')
        expect(isFresh(folder), name).toBe(false)
        rmSync(join(folder, name))
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
