import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { makePages } from './pages.mjs'
import { filesBelow } from './sources.mjs'

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} out folder below dist/
 * @property {readonly string[]} reads places whose files decide whether it must be built again
 * @property {() => Promise<import('esbuild').BuildOptions>} options
 * @property {Readonly<Record<string, string>>} [copies] file below the checkout → name below `out`
 * @property {(options: import('esbuild').BuildOptions & { outdir: string }) => Promise<import('./pages.mjs').Made>} [makes] what goes beside it, with the same options
 */

/** Loaded from node_modules at run time: native, or part of the runtime. */
const external = ['electron', 'better-sqlite3', 'node-datachannel']

/** CommonJS packages inside an ES module bundle call `require` for Node's own modules. */
const requireBanner =
  "import { createRequire as spacepandaCreateRequire } from 'node:module'; const require = spacepandaCreateRequire(import.meta.url);"

/** Workers are entry points of their own, told apart by their name. */
export const workers = async () => {
  const files = (await filesBelow(['electron'])).filter((file) => file.endsWith('.worker.ts') && !file.startsWith('electron/testing/'))
  return Object.fromEntries(files.map((file) => [`workers/${basename(file, '.ts')}`, file]))
}

const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

/** @typedef {{ version: string, commit: string | null, kind: 'development' | 'test' | 'release', debuggable: boolean, updates: import('../package/update-source.mjs').UpdateSource | null }} BuildInfo */

/**
 * What electron/kernel/build-info.ts reads.
 * @param {BuildInfo} info
 */
export const defineBuild = (info) => ({
  'process.env.NODE_ENV': '"production"',
  'process.env.SPACEPANDA_BUILD': JSON.stringify(JSON.stringify(info)),
})

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  sourcemap: 'linked',
  logLevel: 'silent',
  charset: 'utf8',
  define: defineBuild({ version, commit: null, kind: 'development', debuggable: false, updates: null }),
}

/**
 * Chunks lie beside the entry points, so that `import.meta.url` means the same folder in both.
 * @param {Readonly<Record<string, string>>} entryPoints
 * @returns {import('esbuild').BuildOptions}
 */
export const nodeModuleOptions = (entryPoints) => ({
  ...common,
  entryPoints,
  external,
  platform: 'node',
  format: 'esm',
  splitting: true,
  target: 'node20.18',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  banner: { js: requireBanner },
})

/** Beside the program: they are read when there is a tray to put them in. */
const trayImages = Object.fromEntries(
  ['tray', 'tray@2x', 'tray-unread', 'tray-unread@2x'].map((name) => [`resources/tray/${name}.png`, `${name}.png`]),
)

/** @type {readonly Target[]} */
export const targets = [
  {
    name: 'main',
    out: 'app',
    reads: ['electron', 'shared', 'resources/tray'],
    copies: trayImages,
    options: async () => nodeModuleOptions({ main: 'electron/main.ts', ...(await workers()) }),
  },
  {
    name: 'preload',
    out: 'app',
    reads: ['electron/preload', 'shared'],
    options: () =>
      Promise.resolve({
        ...common,
        entryPoints: { preload: 'electron/preload/preload.ts' },
        external: ['electron'],
        // A sandboxed preload script has no Node and no ES modules.
        platform: 'browser',
        format: 'cjs',
        target: 'chrome130',
        outExtension: { '.js': '.cjs' },
      }),
  },
  {
    name: 'renderer',
    out: 'app/renderer',
    reads: ['renderer', 'shared'],
    makes: makePages,
    options: () =>
      Promise.resolve({
        ...common,
        entryPoints: { start: 'renderer/app/start.tsx' },
        platform: 'browser',
        format: 'esm',
        splitting: true,
        target: 'chrome130',
        jsx: 'automatic',
        minify: true,
        chunkNames: '[name]-[hash]',
        assetNames: 'assets/[name]-[hash]',
        loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file', '.webp': 'file' },
      }),
  },
  {
    name: 'cli',
    out: 'cli',
    reads: ['electron', 'shared'],
    options: async () => nodeModuleOptions({ main: 'electron/cli/main.ts', ...(await workers()) }),
  },
]
