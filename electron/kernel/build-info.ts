/**
 * What this build is. A `test` package may hold a runtime that is never released; it says so wherever a version is shown,
 * and nothing made of it can be published (build/package/publishable.mjs). `debuggable` is for the tests of packages, and
 * for test packages only.
 */
export interface BuildInfo {
  version: string
  /** The commit it was built from; null while developing. */
  commit: string | null
  kind: 'development' | 'test' | 'release'
  debuggable: boolean
  /** Where it looks for updates, and whose it believes (electron/updater/source.ts); null: nowhere. */
  updates: { url: string; keys: unknown } | null
}

const unknown: BuildInfo = { version: '0.0.0', commit: null, kind: 'development', debuggable: false, updates: null }

/** Reads what the build wrote in. A source file that was not built knows nothing of itself. */
export function readBuildInfo(text: string | undefined): BuildInfo {
  return text === undefined || text === '' ? unknown : (JSON.parse(text) as BuildInfo)
}

/** The bundler puts text in the place of this expression (build/bundle/targets.mjs); it is not read from the environment. */
export const buildInfo: BuildInfo = readBuildInfo(process.env['SPACEPANDA_BUILD'])

/** One line for people: the version, what it was built from, what it runs in. */
export function versionWords({ version, commit, kind }: BuildInfo, versions: Readonly<Record<string, string | undefined>>): string {
  const runtime = versions['electron'] === undefined ? `Node ${versions['node'] ?? ''}` : `Electron ${versions['electron']}`
  const what = { development: ', development', test: ', TEST BUILD: not for real use', release: '' }[kind]
  return `SpacePanda ${version}${commit === null ? '' : ` (${commit.slice(0, 12)})`}, ${runtime}${what}`
}
