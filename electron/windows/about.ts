import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { About } from '../../shared/ipc/bridge.ts'
import { buildInfo } from '../kernel/build-info.ts'

/** Beside the packed program (build/package/stage.mjs). */
const LICENCES = 'licences.txt'

/** What this program is. `resources` is a package's folder of that name; null while developing. */
export async function readAbout(resources: string | null): Promise<About> {
  const { version, commit, kind } = buildInfo
  const { electron, chrome, node } = process.versions
  return { version, commit, kind, runtime: { electron, chromium: chrome, node }, licences: await licences(resources) }
}

async function licences(resources: string | null): Promise<string | null> {
  if (resources === null) return null
  try {
    return await readFile(join(resources, LICENCES), 'utf8')
  } catch {
    return null // somebody deleted it: the page says that there is none
  }
}
