import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../kernel/errors.ts'
import { sha512Of } from '../package-store.ts'
import type { Release, ReleaseFile } from '../release/release.ts'
import { isVersion } from '../release/version.ts'

/** What electron-builder's names say. What is not here (rpm, dmg, zip) cannot update itself, and is not announced. */
const kinds: readonly { ending: RegExp; is: Pick<ReleaseFile, 'platform' | 'kind'> }[] = [
  { ending: /\.deb$/, is: { platform: 'linux', kind: 'deb' } },
  { ending: /\.AppImage$/, is: { platform: 'linux', kind: 'AppImage' } },
  { ending: /\.exe$/, is: { platform: 'win32', kind: 'nsis' } },
]

async function packageNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
}

/** Whether a file's name says that it is of this version, and not of one that only begins or ends alike. */
const isOf = (name: string, version: string): boolean =>
  isVersion(version) && new RegExp(`(?<![\\d.])${version.replaceAll('.', '\\.')}(?!\\d|\\.\\d|-test)`).test(name)

/**
 * The packages in a folder that can update themselves. Throws `AppError('invalid')` where one is of another version: announced as this
 * one it would be put in the place of newer ones, and then be told again and again that this one is there.
 */
export async function describePackages(folder: string, version: string): Promise<ReleaseFile[]> {
  const files: ReleaseFile[] = []
  for (const name of await packageNames(folder)) {
    const kind = kinds.find(({ ending }) => ending.test(name))
    if (kind === undefined) continue
    if (!isOf(name, version)) throw new AppError('invalid', `${name} is not of version ${version}.`)
    const file = join(folder, name)
    const arch = /arm64|aarch64/.test(name) ? 'arm64' : 'x64'
    files.push({ ...kind.is, arch, name, size: (await stat(file)).size, sha512: await sha512Of(file) })
  }
  return files
}

/** Which of a release's files somebody has, and whether they are the same bytes. */
export interface Comparison {
  same: string[]
  different: string[]
  absent: string[]
}

export async function comparePackages(folder: string, { files }: Release): Promise<Comparison> {
  const there = await packageNames(folder)
  const found: Comparison = { same: [], different: [], absent: [] }
  for (const { name, sha512 } of files) {
    if (!there.includes(name)) found.absent.push(name)
    else found[(await sha512Of(join(folder, name))) === sha512 ? 'same' : 'different'].push(name)
  }
  return found
}
