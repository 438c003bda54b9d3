import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from 'electron'
import type { LoginItemState, LoginItemWish } from '../../shared/ipc/login-item.ts'
import { AppError } from '../kernel/errors.ts'
import { Serial } from '../kernel/serial.ts'
import { runningImage } from '../kernel/running-image.ts'

/** Who edits such lists may find it by this name. */
const FILE = 'spacepanda.desktop'

interface Deps {
  app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>
  platform: NodeJS.Platform
  packaged: boolean
  executable: string
  env: Readonly<Record<string, string | undefined>>
  home: string
}

/** One after another, as they were asked for: what was wished last holds. */
const turns = new Serial()

/**
 * Puts SpacePanda on the system's own list of what starts when its person logs in, or takes it off: nothing of it is kept here, so what is
 * changed there by other means is what is shown. Throws `AppError('disk')`.
 */
export const loginItem = (deps: Deps, wish: LoginItemWish): Promise<LoginItemState> => turns.run(() => carryOut(deps, wish))

async function carryOut(deps: Deps, wish: LoginItemWish): Promise<LoginItemState> {
  const { app, platform, packaged, executable, env, home } = deps
  if (!packaged) return 'unavailable'
  if (platform === 'linux') {
    const config = env['XDG_CONFIG_HOME'] ?? ''
    const folder = join(config.startsWith('/') ? config : join(home, '.config'), 'autostart')
    return desktopFile(folder, runningImage(executable, env, existsSync) ?? executable, wish)
  }
  if (wish !== 'look') app.setLoginItemSettings({ openAtLogin: wish === 'on' })
  return app.getLoginItemSettings().openAtLogin ? 'on' : 'off'
}

/** freedesktop.org, Desktop Application Autostart Specification: a file in a folder. */
async function desktopFile(folder: string, program: string, wish: LoginItemWish): Promise<LoginItemState> {
  const file = join(folder, FILE)
  // No line of it may become two.
  if (/[\p{Cc}]/u.test(program)) return 'unavailable'
  try {
    if (wish === 'off') await rm(file, { force: true })
    if (wish === 'on') {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.part`, entryOf(program))
      await rename(`${file}.part`, file)
    }
    return isOn(await readFile(file, 'utf8').catch(absent)) ? 'on' : 'off'
  } catch {
    await rm(`${file}.part`, { force: true }).catch(() => undefined)
    throw new AppError('disk', `${file} could not be written.`)
  }
}

function absent(thrown: unknown): null {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null
  throw thrown
}

/** The person, or a program for such lists, may have switched it off and left it there. */
const isOn = (text: string | null): boolean => text !== null && !/^(?:Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(text)

/** `TryExec`: where SpacePanda was removed since, nothing is started and nobody is told of an error. */
const entryOf = (program: string): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=SpacePanda',
    `TryExec=${inString(program)}`,
    `Exec=${inString(inArgument(program))}`,
    'Terminal=false',
    '',
  ].join('\n')

/** Desktop Entry Specification, Exec: a quoted argument; `%` begins a field code. */
const inArgument = (path: string): string => `"${path.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`

/** Values of the type string have escapes of their own, which are read first. */
const inString = (value: string): string => value.replaceAll('\\', '\\\\')
