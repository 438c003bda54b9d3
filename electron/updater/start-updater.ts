import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import type { UpdateView } from '../../shared/ipc/updates.ts'
import type { BuildInfo } from '../kernel/build-info.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import { err, ok } from '../kernel/result.ts'
import { installPackage } from './install-package.ts'
import type { InstallDeps } from './install-package.ts'
import { MemoryFile } from './memory.ts'
import { packageKind } from './package-kind.ts'
import { PackageStore } from './package-store.ts'
import { leave, run } from './programs.ts'
import { updateSource } from './source.ts'
import { createUpdateServer } from './update-server.ts'
import { Updater } from './updater.ts'
import type { UpdaterDeps } from './updater.ts'

interface Deps {
  app: App
  buildInfo: BuildInfo
  env: Readonly<Record<string, string | undefined>>
  /** The window's own folder. */
  folder: string
  clock: Clock
  random: Random
  logger: Logger
  /** What a new version is started with. */
  args: readonly string[]
  onChange: (view: UpdateView) => void
}

/** The updater of this very program; it looks for updates until it is stopped. */
export function startUpdater(deps: Deps): Updater {
  const { folder, clock, random, logger, onChange } = deps
  const memory = new MemoryFile(join(folder, 'updates.json'), random)
  const updater = new Updater({ means: meansOf(deps), memory, clock, random, logger, onChange })
  updater.start()
  return updater
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // not there, or not ours to read
  }
}

function meansOf({ app, args, buildInfo, env, folder, clock }: Deps): UpdaterDeps['means'] {
  const { platform, arch, execPath: executable, resourcesPath } = process
  const kind = packageKind({ platform, packaged: app.isPackaged, executable, env, exists: existsSync, read: textOf })
  if (!kind.ok) return kind
  const source = updateSource(buildInfo, env)
  if (source === null) return err('no-source')
  const image = env['APPIMAGE']
  const installing: InstallDeps = {
    run,
    leave,
    isRoot: process.getuid?.() === 0,
    image,
    script: join(resourcesPath, 'install-update.sh'),
    clock,
  }
  return ok({
    server: createUpdateServer({ url: source.url, clock, fetch }),
    keys: source.keys,
    installed: { version: buildInfo.version, platform, arch, kind: kind.value },
    packages: new PackageStore(join(folder, 'updates')),
    install: (file, place) => installPackage(file, place, installing),
    restart: () => {
      // The installer of Windows starts the new version by itself.
      const again = kind.value === 'AppImage' && image !== undefined ? { execPath: image } : {}
      if (kind.value !== 'nsis') app.relaunch({ ...again, args: [...args] })
      app.quit()
    },
  })
}
