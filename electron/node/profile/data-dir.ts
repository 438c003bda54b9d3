import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

import { peekOpeners } from '../../storage/key-file/peek-openers.ts'
import { CONTROL_SOCKET } from '../../storage/key-file/profile-folder.ts'

export { isFresh } from '../../storage/key-file/profile-folder.ts'

/** What `personalOpeners` (closed-profile.ts) is likely to say, at once and with nothing loaded for it. A guess: whoever is told it is told better soon. */
export const likelyOpeners = (dataDir: string): { recovery: boolean } | null =>
  // The window has nothing to open where a node has it.
  existsSync(join(dataDir, CONTROL_SOCKET)) ? null : peekOpeners(dataDir)

type Environment = Readonly<Record<string, string | undefined>>

/** The platform's folder for application data, as Electron's `app.getPath('appData')` has it. */
function appData(platform: NodeJS.Platform, env: Environment): string {
  if (platform === 'win32') return env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  // XDG Base Directory Specification: what is empty or relative counts as not set. It would be another folder wherever a command is run.
  const configured = env['XDG_CONFIG_HOME'] ?? ''
  return isAbsolute(configured) ? configured : join(homedir(), '.config')
}

/** The profile folder: the one asked for, else `SPACEPANDA_DATA_DIR`, else the same one that the desktop application uses. */
export function dataDirOf(asked: string | undefined, platform: NodeJS.Platform, env: Environment): string {
  const chosen = asked ?? env['SPACEPANDA_DATA_DIR']
  return chosen === undefined || chosen === '' ? join(appData(platform, env), 'SpacePanda') : resolve(chosen)
}
