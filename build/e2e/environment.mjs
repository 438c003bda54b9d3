import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appTargets, build } from '../bundle/build.mjs'
import { launchOptions } from '../run/launch-options.mjs'
import { startXvfb } from '../run/xvfb.mjs'
import { step } from '../setup/progress.mjs'
import { stageForOrdinaryUser } from './stage.mjs'

/**
 * What the window suites run in: an ordinary user, Chromium's sandbox, a display of their own, a folder for profiles.
 * The suites find it in SPACEPANDA_E2E_EXECUTABLE (JSON as `npm run -s electron-path` prints it), SPACEPANDA_E2E_TMP
 * and DISPLAY.
 * @param {import('../setup/provide.mjs').Desktop} desktop
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export const prepareWindowTests = async (desktop) => {
  await build(appTargets)
  /** @type {(() => Promise<void>)[]} */
  const undo = []
  /** @type {Record<string, string>} */
  const env = {}
  const temporary = await mkdtemp(join(tmpdir(), 'spacepanda-e2e-'))
  undo.push(() => rm(temporary, { recursive: true, force: true }))
  // Whoever the windows run as must get through to the profile inside, but need not see what is beside it.
  await chmod(temporary, 0o711)
  env.SPACEPANDA_E2E_TMP = temporary
  let launch = launchOptions(desktop.electron)
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) {
      step('running the windows as an ordinary user, with the sandbox on')
      const stage = await stageForOrdinaryUser(desktop)
      undo.push(stage.remove)
      launch = stage.launch
    }
    const display = await startXvfb({ size: '1920x1200' })
    undo.push(display.stop)
    env.DISPLAY = display.display
  }
  env.SPACEPANDA_E2E_EXECUTABLE = JSON.stringify(launch)
  const stop = async () => {
    for (const step of undo.reverse()) await step()
  }
  return { env, stop }
}
