/**
 * The import walls of docs/architecture.md as rules for dependency-cruiser. The planted tree repeats the layout below
 * build/checks/planted/, and each of its files breaks one rule: `npm run check` demands that they are reported.
 */

/** Where the rules look: the checkout, and the planted tree. */
const base = '^(?:build/checks/planted/)?'
export const plantedFolder = 'build/checks/planted/'

/** Tests may use whatever they need to set a scene; what is inside the walls is the program. */
const tests = '\\.test\\.(?:ts|tsx|mjs)$|/(?:testing|test-support)/'

/**
 * Part of the program → parts it may import besides itself, and where to go instead.
 * @type {Readonly<Record<string, { may: readonly string[], instead: string }>>}
 */
const parts = {
  shared: { may: [], instead: 'shared is what every process understands: move what you need into shared, or the caller out of it.' },
  'electron/kernel': { may: ['shared'], instead: 'The kernel knows no other part: let the part call the kernel.' },
  'electron/ports': { may: ['electron/kernel', 'shared'], instead: 'A port is an interface only: put implementations in their own part.' },
  'electron/identity': {
    may: ['electron/kernel', 'electron/ports', 'shared'],
    instead: 'Ask for what you need through an interface in electron/ports; electron/node connects the two.',
  },
  'electron/crypto': {
    may: ['electron/kernel', 'electron/ports', 'electron/identity', 'shared'],
    instead: 'Cryptography is pure: take state and input as arguments, hand effects back, let electron/sync carry them out.',
  },
  ...Object.fromEntries(
    ['network', 'storage', 'mixer'].map((name) => [
      `electron/${name}`,
      {
        may: ['electron/kernel', 'electron/ports', 'shared'],
        instead:
          'network, storage and mixer never see each other nor sync: add to an interface in electron/ports and connect them in electron/node.',
      },
    ]),
  ),
  'electron/attachments': {
    may: ['electron/kernel', 'electron/ports', 'electron/crypto/blob', 'shared'],
    instead: 'Use BlobStore and Transport from electron/ports; electron/node passes the real ones in.',
  },
  'electron/sync': {
    may: ['electron/kernel', 'electron/ports', 'electron/identity', 'electron/crypto/mls', 'shared'],
    instead: 'sync never sees network, storage or mixer: use the interfaces in electron/ports; electron/node passes the real ones in.',
  },
  'electron/node': {
    may: [
      ...['kernel', 'ports', 'identity', 'crypto', 'network', 'storage', 'mixer', 'attachments', 'sync'].map((name) => `electron/${name}`),
      'shared',
    ],
    instead: 'The node knows neither windows nor terminals: emit an event or return plain data, and let ipc or cli present it.',
  },
  'electron/cli': {
    may: ['electron/node', 'electron/relay', 'electron/kernel', 'shared'],
    instead: 'Go through NodeHandle (electron/node): the command line, the relay and the window use one and the same node.',
  },
  ...Object.fromEntries(
    ['ipc'].map((name) => [
      `electron/${name}`,
      {
        may: ['electron/node', 'electron/kernel', 'shared'],
        instead: 'Go through NodeHandle (electron/node): the command line and the window use one and the same node.',
      },
    ]),
  ),
  'electron/relay': {
    may: [...['kernel', 'ports', 'identity', 'network', 'storage', 'sync', 'node'].map((name) => `electron/${name}`), 'shared'],
    instead: 'A relay is a program of its own beside the messenger: it presents nothing, and reads no message.',
  },
  ...Object.fromEntries(
    ['windows', 'updater'].map((name) => [
      `electron/${name}`,
      {
        may: ['electron/kernel', 'shared'],
        instead: 'Windows hold no messenger: take what is needed as an argument and connect it in electron/main.ts.',
      },
    ]),
  ),
  'electron/preload': {
    may: ['shared/ipc'],
    instead: 'The preload script only carries calls over: put logic into electron/ipc or the renderer.',
  },
  renderer: {
    may: ['shared'],
    instead: 'The window holds no key and no Node: add a method to shared/ipc/contract.ts and call it through renderer/bridge.',
  },
  e2e: { may: ['shared'], instead: 'End-to-end suites drive the built application from outside.' },
  build: { may: [], instead: 'Build scripts run before anything else exists: they read the program as files, never import it.' },
}

/** @param {readonly string[]} folders */
const below = (folders) => `${base}(?:${folders.join('|')})/`

const program = `${base}(?:shared|electron|renderer|e2e|build|bench)/`

const partRules = Object.entries(parts).map(([part, { may, instead }]) => ({
  name: `walls-of-${part.replace('electron/', '')}`,
  comment: instead,
  severity: 'error',
  from: { path: below([part]), pathNot: `${tests}|${below(['electron/testing'])}` },
  // What belongs to tests only has a rule of its own, with a message of its own.
  to: { path: program, pathNot: [below([part, ...may]), below(['electron/testing'])] },
}))

/** Rules for single files and for what is inside a part. */
const specialRules = [
  {
    name: 'walls-of-main',
    comment: 'electron/main.ts only puts node, ipc and windows together: what it does itself belongs into one of them.',
    severity: 'error',
    from: { path: `${base}electron/main\\.ts$` },
    to: {
      path: program,
      pathNot: below([...['node', 'ipc', 'windows', 'updater', 'kernel'].map((name) => `electron/${name}`), 'shared']),
    },
  },
  {
    name: 'nobody-imports-main',
    comment: 'An entry point is not a library: move what is needed into a file of its own.',
    severity: 'error',
    // entry.ts holds nothing but the choice between the window and the command line.
    from: { pathNot: `${base}electron/entry\\.ts$` },
    to: { path: `${base}electron/(?:main|entry|cli/main|preload/preload)\\.ts$` },
  },
  {
    name: 'no-feature-imports-another',
    comment: 'Features of the window stand alone: share state by renderer/app, drawing by renderer/components.',
    severity: 'error',
    from: { path: `${base}renderer/features/([^/]+)/`, pathNot: tests },
    to: { path: `${base}renderer/features/`, pathNot: `${base}renderer/features/$1/` },
  },
  {
    name: 'components-know-no-feature',
    comment: 'Components hold no state and serve every feature: pass what they draw as props.',
    severity: 'error',
    from: { path: `${base}renderer/(?:components|bridge)/`, pathNot: tests },
    to: { path: `${base}renderer/(?:features|app)/` },
  },
  {
    name: 'fakes-are-for-tests',
    comment: 'electron/testing is imported by tests only: if the program needs it, move it out of there.',
    severity: 'error',
    from: { pathNot: `${tests}|${base}(?:electron/testing|e2e|bench)/` },
    to: { path: `${base}electron/testing/` },
  },
  {
    name: 'no-circles',
    comment: 'Two files that need each other are one file, or need a third: move what both use into one of its own.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-dangling-import',
    comment: 'This import leads nowhere: correct the path, or add the package with npm install --save-exact.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
]

/**
 * Package → the only places that may import it.
 * @type {readonly { name: string, packages: string, only: string, instead: string }[]}
 */
const owners = [
  {
    name: 'electron-in-the-shell-only',
    packages: 'node_modules/electron/|^electron$',
    only: '(?:electron/(?:main\\.ts$|entry\\.ts$|ipc/|windows/|updater/|preload/)|build/setup/fallback-app/|build/icons/renderer-app/|build/e2e/probe-app/|build/run/wait-for-driver\\.cjs$)',
    instead: 'The node runs without Electron too: take the capability as an argument and pass it in electron/main.ts.',
  },
  {
    name: 'libp2p-in-network-only',
    packages: 'node_modules/(?:libp2p|@libp2p|@chainsafe|@multiformats|node-datachannel)/',
    only: '(?:electron/(?:network|testing)/|bench/)',
    instead: 'Use the Transport port (electron/ports/network.ts).',
  },
  {
    name: 'sqlite-in-storage-only',
    packages: 'node_modules/better-sqlite3/',
    only: '(?:electron/(?:storage|testing)/|bench/)',
    instead: 'Use the stores of electron/ports/store.ts.',
  },
  {
    name: 'ts-mls-in-the-engine-only',
    packages: 'node_modules/ts-mls/',
    only: '(?:electron/crypto/mls/|electron/testing/|bench/)',
    instead: 'Use the group engine (electron/crypto/mls/group-engine.ts): it holds the corrections without which the library is unsafe.',
  },
  {
    name: 'react-in-the-renderer-only',
    packages: 'node_modules/(?:react|react-dom|react-i18next|i18next|zustand|radix-ui|@radix-ui|lucide-react|virtua)/',
    only: 'renderer/',
    instead: 'Only the window draws.',
  },
]

const ownerRules = owners.map(({ name, packages, only, instead }) => ({
  name,
  comment: instead,
  severity: 'error',
  from: { path: program, pathNot: `${base}${only}` },
  to: { path: packages },
}))

const nodeRule = {
  name: 'no-node-here',
  comment: 'shared, the preload script and the window run without Node: ask the main process by a method of shared/ipc/contract.ts.',
  severity: 'error',
  from: { path: below(['shared', 'renderer', 'electron/preload']), pathNot: tests },
  to: { dependencyTypes: ['core'] },
}

export const wallRules = [...partRules, ...specialRules, ...ownerRules, nodeRule]
