import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyFile } from '../electron/storage/key-file/key-file.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { writeBareApp } from './lib/window/bare-app.ts'
import { measureStart } from './lib/window/launch.ts'
import type { LaunchCommand } from './lib/window/launch.ts'

const ROUNDS = 7
/** What a person has to see before they can begin: to make a profile, or to type the passphrase of the one that is there. */
const FORM = 'form input'

type Name =
  | 'bare window, shown'
  | 'bare window, painted'
  | 'SpacePanda, window shown'
  | 'SpacePanda, messenger ready'
  | 'SpacePanda, first-run form painted'
  | 'SpacePanda, passphrase form painted'
  | 'bare window, idle'
  | 'SpacePanda, idle'

const LINES: Line<Name>[] = [
  { name: 'bare window, shown', unit: 'ms', against: null },
  // Seen in the same way as the forms: that alone takes some frames after a window is shown.
  { name: 'bare window, painted', unit: 'ms', against: 'bare window, shown' },
  { name: 'SpacePanda, window shown', unit: 'ms', against: 'bare window, shown' },
  { name: 'SpacePanda, messenger ready', unit: 'ms', against: 'bare window, shown' },
  { name: 'SpacePanda, first-run form painted', unit: 'ms', against: 'bare window, painted' },
  { name: 'SpacePanda, passphrase form painted', unit: 'ms', against: 'bare window, painted' },
  { name: 'bare window, idle', unit: 'MB', against: null },
  { name: 'SpacePanda, idle', unit: 'MB', against: 'bare window, idle' },
]

/** `build/bench.mjs` says how the application is started; its folder is the last argument. */
function launchCommand(): LaunchCommand {
  const given = process.env['SPACEPANDA_E2E_EXECUTABLE']
  if (given === undefined) throw new Error('start this with: npm run bench -- cold-start')
  return JSON.parse(given) as LaunchCommand
}

const known = (value: number | null): number[] => (value === null ? [] : [value])

async function main(): Promise<void> {
  const report = await begin(
    'cold-start',
    'from asking for a process to a window, with a new profile, beside a window of the same Electron with nothing but a field',
  )
  const folder = await mkdtemp(join(process.env['SPACEPANDA_E2E_TMP'] ?? tmpdir(), 'cold-'))
  const ours = launchCommand()
  const bare = { ...ours, args: [...ours.args.slice(0, -1), await writeBareApp(folder)] }
  const startBare: Turn<Name> = async () => {
    const { shown, usable, pss } = await measureStart(bare, folder, FORM)
    return { 'bare window, shown': [shown], 'bare window, painted': [usable], 'bare window, idle': known(pss) }
  }
  const startOurs: Turn<Name> = async () => {
    const { shown, usable, backend, pss } = await measureStart(ours, folder, FORM)
    return {
      'SpacePanda, window shown': [shown],
      'SpacePanda, messenger ready': known(backend),
      'SpacePanda, first-run form painted': [usable],
      'SpacePanda, idle': known(pss),
    }
  }
  const startLocked: Turn<Name> = async () => {
    const { usable } = await measureStart(ours, folder, FORM, async (dataDir) => {
      await createKeyFile(dataDir, { passphrase: 'correct horse battery', vault: null }, { workMs: 1 })
    })
    return { 'SpacePanda, passphrase form painted': [usable] }
  }
  try {
    const measured = await alternate(
      LINES.map((line) => line.name),
      [startBare, startOurs, startLocked],
      { rounds: ROUNDS, warmUp: 1, budgetMs: 100_000 },
    )
    const noMemory = measured['SpacePanda, idle'].flat().length === 0
    await report.finish(rowsOf(LINES, measured), noMemory ? ['memory left out: this system shows it to root on Linux only'] : [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
