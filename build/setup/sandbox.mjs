import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SetupError, step } from './progress.mjs'
import { run } from './run.mjs'
import { asRoot } from './system-packages.mjs'

/** @param {string} helper */
const isSetuidRoot = async (helper) => {
  const found = await stat(helper).catch(() => undefined)
  return found?.uid === 0 && (found.mode & 0o4000) !== 0
}

const namespacesAllowed = async () => (await run('unshare', ['--user', '--map-root-user', 'true'])).status === 0

/**
 * Sees to it that Chromium's sandbox can work for an ordinary user on Linux: by user namespaces where the kernel
 * allows them, otherwise by Electron's setuid helper. Never goes on without.
 * @param {string} executable Electron's program
 */
export const requireSandbox = async (executable) => {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return
  const helper = join(dirname(executable), 'chrome-sandbox')
  if ((await isSetuidRoot(helper)) || (await namespacesAllowed())) return
  const prefix = await asRoot()
  const commands = [
    ['chown', 'root:root', helper],
    ['chmod', '4755', helper],
  ]
  if (prefix?.[0]) {
    step("this system allows no user namespaces: making Electron's sandbox helper setuid root")
    for (const command of commands) await run(prefix[0], [...prefix.slice(1), ...command])
    if (await isSetuidRoot(helper)) return
  }
  const asked = commands.map((command) => `sudo ${command.join(' ')}`).join(' && ')
  throw new SetupError(
    `This system allows no user namespaces, which Chromium's sandbox needs. Please give this and try again:\n\n  ${asked}\n`,
  )
}
