import { dirname, join } from 'node:path'
import type { UpdateObstacle } from '../../shared/ipc/updates.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import type { ReleaseFile } from './release/release.ts'

export interface Surroundings {
  platform: string
  packaged: boolean
  executable: string
  env: Readonly<Record<string, string | undefined>>
  exists: (file: string) => boolean
}

/** dpkg's list of what our package installed. */
const DPKG_LIST = '/var/lib/dpkg/info/spacepanda.list'
const DEB_FOLDER = '/opt/SpacePanda'

/** As which package the program is installed, or why it does not replace itself. */
export function packageKind({ platform, packaged, executable, env, exists }: Surroundings): Result<ReleaseFile['kind'], UpdateObstacle> {
  if (!packaged) return err('development')
  if (platform === 'win32') return exists(join(dirname(executable), 'Uninstall SpacePanda.exe')) ? ok('nsis') : err('unpacked')
  // A signed .app is replaced by the system's own means only, which are not tried yet.
  if (platform === 'darwin') return err('by-hand')
  const image = env['APPIMAGE']
  if (image !== undefined && exists(image)) return ok('AppImage')
  if (dirname(executable) !== DEB_FOLDER) return err('unpacked')
  return exists(DPKG_LIST) ? ok('deb') : err('package-manager')
}
