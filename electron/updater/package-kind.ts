import { dirname, join } from 'node:path'
import type { UpdateObstacle } from '../../shared/ipc/updates.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { runningImage } from '../kernel/running-image.ts'
import type { ReleaseFile } from './release/release.ts'

export interface Surroundings {
  platform: string
  packaged: boolean
  executable: string
  env: Readonly<Record<string, string | undefined>>
  exists: (file: string) => boolean
  /** What is in a file; null when it cannot be read. */
  read: (file: string) => string | null
}

/** dpkg's list of what our package installed, a path a line. It stays, with next to nothing in it, when the package is removed and not purged. */
const DPKG_LIST = '/var/lib/dpkg/info/spacepanda.list'
const DEB_FOLDER = '/opt/SpacePanda'
/** Where only a system, or a store of applications, puts programs: a distribution's own package, Nix, Guix, Snap, Flatpak. */
const OF_THE_SYSTEM = /^\/(?:usr\/(?!local\/)|nix\/|gnu\/|snap\/|app\/)/

/** As which package the program is installed, or why it does not replace itself. */
export function packageKind({
  platform,
  packaged,
  executable,
  env,
  exists,
  read,
}: Surroundings): Result<ReleaseFile['kind'], UpdateObstacle> {
  if (!packaged) return err('development')
  if (platform === 'win32') return exists(join(dirname(executable), 'Uninstall SpacePanda.exe')) ? ok('nsis') : err('unpacked')
  // A signed .app is replaced by the system's own means only, which are not tried yet.
  if (platform === 'darwin') return err('by-hand')
  if (dirname(executable) === DEB_FOLDER) return isOfDpkg(executable, read) ? ok('deb') : err('package-manager')
  if (OF_THE_SYSTEM.test(executable)) return err('package-manager')
  return runningImage(executable, env, exists) === null ? err('unpacked') : ok('AppImage')
}

/** Whether dpkg put this very file there: a system with dpkg can have the program from an rpm, too, where a deb was before. */
const isOfDpkg = (executable: string, read: Surroundings['read']): boolean => read(DPKG_LIST)?.split('\n').includes(executable) ?? false
