import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appTargets, build } from './bundle/build.mjs'
import { launchOptions, rootSwitches } from './run/launch-options.mjs'
import { endWithParent } from './run/parent.mjs'
import { startXvfb } from './run/xvfb.mjs'
import { root } from './setup/paths.mjs'
import { runScript, step } from './setup/progress.mjs'
import { provideDesktop } from './setup/provide.mjs'

/** Says where the picture of the window is once it is there. @param {string} file @param {AbortSignal} signal */
const announceScreenshot = async (file, signal) => {
  while (!existsSync(file)) await sleep(100, undefined, { signal })
  step(`screenshot of the window: ${file}`)
  step('running until interrupted (Ctrl+C)')
}

/** @param {{ executablePath: string, args: string[] }} options @param {NodeJS.ProcessEnv} env @returns {Promise<number>} */
const runApplication = (options, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(options.executablePath, options.args, { stdio: ['ignore', 'inherit', 'inherit'], env })
    endWithParent(child)
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })

await runScript(async () => {
  const desktop = await provideDesktop()
  await build(appTargets)
  const options = launchOptions(desktop.electron)
  if (rootSwitches().length > 0) step("running as root: Chromium's sandbox is off; use an ordinary user for anything real")
  const launch = { ...options, args: [...options.args, ...process.argv.slice(2)] }
  if (!desktop.headless || process.platform !== 'linux') return runApplication(launch, process.env)

  const display = await startXvfb()
  step(`no display here: using a virtual one (Xvfb ${display.display})`)
  const screenshot = process.env.SPACEPANDA_SCREENSHOT ?? join(root, 'dist', 'screenshot.png')
  await mkdir(join(root, 'dist'), { recursive: true })
  await rm(screenshot, { force: true })
  const ended = new AbortController()
  const announced = announceScreenshot(screenshot, ended.signal).catch(() => undefined)
  try {
    // A machine without a display has no session bus either; Chromium complains about that by the dozen.
    return await runApplication(
      { ...launch, args: ['--log-level=3', ...launch.args] },
      { ...process.env, DISPLAY: display.display, SPACEPANDA_SCREENSHOT: screenshot },
    )
  } finally {
    ended.abort()
    await announced
    await display.stop()
  }
})
