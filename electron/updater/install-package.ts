import { constants } from 'node:fs'
import { chmod, copyFile, lstat, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { UpdateFailure } from '../../shared/ipc/updates.ts'
import type { Clock } from '../kernel/clock.ts'
import { err, ok } from '../kernel/result.ts'
import type { Result } from '../kernel/result.ts'
import { sha512Of } from './package-store.ts'
import type { ReleaseFile } from './release/release.ts'

/** How a program ended; null when it could not be started. */
export type Run = (program: string, args: readonly string[]) => Promise<number | null>

export interface InstallDeps {
  run: Run
  /** Starts a program that outlives this one; false if it could not be started. */
  leave: (program: string, args: readonly string[]) => Promise<boolean>
  isRoot: boolean
  /** The running AppImage. */
  image: string | undefined
  /** The script of our package that installs a deb as root (build/package/linux/install-update.sh). */
  script: string
  clock: Clock
}

/** Beside the image, so that the whole new one only has to be renamed. */
const WORKSHOP = '.new-'
/** No copy takes so long. */
const LEFT_OVER_MS = 3_600_000

/** What the script ends with. */
const SCRIPT_WRONG_BYTES = 40
const SCRIPT_NOT_INSTALLED = 41
/** pkexec(1): the person closed its dialog; or nobody could be asked. */
const PKEXEC_DISMISSED = 126
const PKEXEC_NOBODY_ASKED = 127

/** Puts a verified package in the place of what runs. The old version is whole if this fails. */
export async function installPackage(
  { kind, sha512 }: Pick<ReleaseFile, 'kind' | 'sha512'>,
  place: string,
  deps: InstallDeps,
): Promise<Result<null, UpdateFailure>> {
  switch (kind) {
    case 'deb':
      return installDeb(place, sha512, deps)
    case 'AppImage':
      return replaceImage(place, sha512, deps)
    case 'nsis':
      // Silent, as an update, and starts the new version. It waits for this one to end.
      return (await deps.leave(place, ['--updated', '/S', '--force-run'])) ? ok(null) : err('install-failed')
  }
}

/**
 * As root by the system's own dialog. The script is handed the hash and not only the file, and looks at a copy of its own:
 * between our look and root's, anything running as this user could have put other bytes there.
 */
async function installDeb(place: string, sha512: string, { run, isRoot, script }: InstallDeps): Promise<Result<null, UpdateFailure>> {
  const order = [script, place, sha512]
  const outcome = (status: number): Result<null, UpdateFailure> => {
    if (status === 0) return ok(null)
    if (status === SCRIPT_WRONG_BYTES) return err('wrong-package')
    return err(status === SCRIPT_NOT_INSTALLED ? 'install-failed' : 'not-permitted')
  }
  if (isRoot) return outcome((await run('/bin/sh', order)) ?? SCRIPT_NOT_INSTALLED)
  // The script itself: so it is called in the package's words for it (build/package/linux/app.spacepanda.desktop.policy).
  const asked = await run('pkexec', order)
  if (asked === PKEXEC_DISMISSED) return err('not-permitted')
  if (asked !== null && asked !== PKEXEC_NOBODY_ASKED) return outcome(asked)
  // Where nobody can be asked, whoever runs this may still be allowed without.
  const allowed = await run('sudo', ['-n', '/bin/sh', ...order])
  if (allowed !== null) return outcome(allowed)
  return err(asked === null ? 'no-installer' : 'not-permitted')
}

/** A program that runs can be renamed over: it goes on with the file it was started from. */
async function replaceImage(place: string, sha512: string, { image, clock }: InstallDeps): Promise<Result<null, UpdateFailure>> {
  if (image === undefined) return err('no-installer')
  let workshop: string | null = null
  try {
    await sweepWorkshops(image, clock.now())
    // Of this attempt alone: another program may be doing the same for the same image, and where others can write, too, none may get at it.
    workshop = await mkdtemp(`${image}${WORKSHOP}`)
    const next = join(workshop, 'next')
    await copyFile(place, next, constants.COPYFILE_EXCL)
    if ((await sha512Of(next)) !== sha512) return err('wrong-package')
    await chmod(next, 0o755)
    await flush(next)
    await rename(next, image)
    return ok(null)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
    return err(code === 'ENOSPC' || code === 'EDQUOT' ? 'disk' : 'not-permitted')
  } finally {
    if (workshop !== null) await rm(workshop, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** What was left by a program that was ended while it put an image together. Whatever else others put there is left alone. */
async function sweepWorkshops(image: string, now: number): Promise<void> {
  const folder = dirname(image)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(image)}${WORKSHOP}`)) continue
    const place = join(folder, name)
    const there = await lstat(place).catch(() => null)
    if (there?.isDirectory() === true && now - there.mtimeMs > LEFT_OVER_MS)
      await rm(place, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Durable before it takes the name of what runs: else a power cut can leave that name with nothing behind it. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
