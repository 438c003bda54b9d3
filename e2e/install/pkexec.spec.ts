import { existsSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FirstRun } from '../pages/first-run.ts'
import { Settings } from '../pages/settings.ts'
import { Unlock } from '../pages/unlock.ts'
import { InstalledWindow, dpkg, facts, newHome, program } from './installed.ts'
import { Polkit } from './polkit.ts'
import { UpdateHost, announce, freePort, processesOfProgram, updatesOf, versionLine } from './update-world.ts'

describe.runIf(facts.polkit)('the system’s own pkexec', () => {
  const host = new UpdateHost()
  let polkit: Polkit
  let window: InstalledWindow
  let page: Page
  let port = 0
  const { press, says } = updatesOf(() => page)

  beforeAll(async () => {
    dpkg('--install', facts.deb)
    const next = readFileSync(facts.next.deb)
    host.package = (_request, response) => response.end(next)
    const url = await host.start()
    polkit = await Polkit.start()
    port = await freePort()
    const home = newHome('pkexec')
    window = new InstalledWindow(home, [`--remote-debugging-port=${port}`], program, { SPACEPANDA_UPDATE_URL: url }, polkit.pid)
    page = await window.page()
    await new FirstRun(page).createProfile('Ada')
    await new Settings(page).open('About')
    host.announcement = await announce('for-pkexec', ['Ada', 'Cy'])
    await press('Check for updates')
    await says(`Version ${facts.next.version} is there.`)
  })

  afterAll(async () => {
    await window.close()
    for (const pid of processesOfProgram()) process.kill(pid, 'SIGKILL')
    await polkit.stop()
    host.stop()
    if (existsSync(program)) dpkg('--purge', 'spacepanda')
  })

  it('installs nothing where it may not and nobody can be asked', async () => {
    await press(/^Update now/)
    await says(/was not allowed/)
    expect(window.running).toBe(true)
    expect(dpkg('--status', 'spacepanda')).toMatch(versionLine(facts.version))
  })

  it('installs what was signed, and the next version has the profile', async () => {
    polkit.allow()
    await press('Try again')
    page = await window.pageAfterRestart(port)
    await new Unlock(page).unlock()
    await new Settings(page).open('About')
    await new Settings(page).dialog.getByText(`Version ${facts.next.version}`).waitFor()
    expect(dpkg('--status', 'spacepanda')).toMatch(versionLine(facts.next.version))
  })
})
