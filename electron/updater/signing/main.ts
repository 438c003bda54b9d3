/** `npm run release:sign` and `npm run release:verify` (docs/releasing.md): the program's own code, so that both mean the same. */
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import { askPassphrase } from './ask-passphrase.ts'
import { addSignature, newKey, prepare, renew, stateKeys, verifyFile } from './commands.ts'
import type { SigningDeps } from './commands.ts'

const makersFile = join(import.meta.dirname, '..', '..', '..', 'resources', 'updates.json')

const deps: SigningDeps = {
  now: () => systemClock.now(),
  say: (line) => void process.stdout.write(`${line}\n`),
  askPassphrase: () => askPassphrase(process.stdin, process.stderr),
}

const percentage = (text: string): number => {
  if (!/^(?:100|[1-9]?\d)$/.test(text)) throw new InvalidArgumentError('A number from 0 to 100.')
  return Number(text)
}

interface PrepareOptions {
  version: string
  notes: string
  out: string
  rollout: number
  rotations: string[]
}

const program = new Command('release:sign').description('Announces a release, and signs the announcement, one maker after the other.')
program
  .command('new-key')
  .argument('<name>', 'whose it is')
  .argument('<file>', 'where to put it')
  .action((name: string, file: string) => newKey(deps, name, file))
program
  .command('prepare')
  .argument('<folder>', 'with the packages')
  .requiredOption('--version <version>')
  .requiredOption('--notes <file>', 'what changed, as plain text')
  .requiredOption('--out <file>')
  .option('--rollout <percent>', 'of all installations', percentage, 100)
  .option('--rotations <files...>', 'signed statements about keys, all since the first release', [])
  .action((folder: string, { version, notes, out, rollout, rotations }: PrepareOptions) =>
    prepare(deps, folder, out, { version, notesFile: notes, rollout, rotationFiles: rotations }),
  )
program
  .command('renew')
  .argument('<file>', 'an announcement')
  .option('--rollout <percent>', 'of all installations', percentage)
  .action((file: string, { rollout }: { rollout?: number }) => renew(deps, file, rollout ?? null))
program
  .command('state-keys')
  .argument('<keys>', 'a set of three, with its number')
  .argument('<out>')
  .action((keys: string, out: string) => stateKeys(deps, keys, out))
program
  .command('sign')
  .argument('<file>', 'an announcement, or a statement about keys')
  .requiredOption('--key <file>')
  .option('--packages <folder>', 'packages of one’s own to compare with')
  .option('--not-compared <names...>', 'Linux packages that one signs without having made them', [])
  .action((file: string, { key, packages, notCompared }: { key: string; packages?: string; notCompared: string[] }) =>
    addSignature(deps, file, key, { folder: packages ?? null, notCompared }),
  )
program
  .command('verify')
  .argument('<file>')
  .option('--packages <folder>', 'packages to compare with')
  .option('--keys <file>', 'keys to believe', makersFile)
  .action((file: string, { keys, packages }: { keys: string; packages?: string }) => verifyFile(deps, file, keys, packages ?? null))

try {
  await program.parseAsync()
} catch (thrown) {
  if (!(thrown instanceof AppError) && !(thrown instanceof Error && 'code' in thrown && 'path' in thrown)) throw thrown
  process.stderr.write(`✗ ${thrown.message}\n`)
  process.exitCode = 1
}
