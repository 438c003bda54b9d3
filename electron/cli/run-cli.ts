import { Command, CommanderError } from 'commander'
import { buildInfo, versionWords } from '../kernel/build-info.ts'
import { AppError, toCodedError } from '../kernel/errors.ts'
import { logUnheard } from '../kernel/unheard.ts'
import { dataDirOf } from '../node/profile/data-dir.ts'
import { addBackupCommands } from './commands/backup-commands.ts'
import { addExportCommand } from './commands/export-command.ts'
import { addConfigCommands } from './commands/config-commands.ts'
import { addDoctorCommand } from './commands/doctor-command.ts'
import { addJoinCommand } from './commands/join-command.ts'
import { addKeyCommands } from './commands/key-commands.ts'
import { addMemberCommands } from './commands/member-commands.ts'
import { addMessageCommands } from './commands/message-commands.ts'
import { addNetworkCommands } from './commands/network-commands.ts'
import { addNodeCommands } from './commands/node-commands.ts'
import { addProfileCommands } from './commands/profile-commands.ts'
import { addRelayCommand } from './commands/relay-command.ts'
import { addInvitationCommands } from './commands/invitation-commands.ts'
import { addSpaceCommands } from './commands/space-commands.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { openNode } from './open-node.ts'
import { createOutput } from './output.ts'
import type { Output } from './output.ts'
import { readPassphrase } from './passphrase.ts'
import { QuietFailure } from './quiet-failure.ts'

interface GlobalOptions {
  dataDir?: string
  json?: true
  passphraseFile?: string
}

/** Runs one command line (without the program's name). Answers the exit status; throws nothing. */
export async function runCli(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const output = createOutput(asksForJson(argv), host)
  const interrupt = new AbortController()
  const onSignal = () => interrupt.abort()
  host.once('SIGINT', onSignal)
  host.once('SIGTERM', onSignal)
  host.on('unhandledRejection', logUnheard)
  try {
    await createProgram(host, output, interrupt.signal).parseAsync(argv, { from: 'user' })
    return 0
  } catch (thrown) {
    return explain(thrown, output, host)
  } finally {
    host.off('SIGINT', onSignal)
    host.off('SIGTERM', onSignal)
    host.off('unhandledRejection', logUnheard)
  }
}

/** Known before the line is parsed, because what is wrong with it must be told in the form it asks for. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).includes('--json')
}

function explain(thrown: unknown, output: Output, host: NodeJS.Process): number {
  if (thrown instanceof QuietFailure) return thrown.status
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0
    const message = thrown.code === 'commander.help' ? 'Say what to do: --help lists the commands.' : thrown.message.replace(/^error: /, '')
    if (output.json) output.error({ code: 'usage', message })
    return exitStatus('usage')
  }
  const error = toCodedError(thrown)
  output.error(error)
  if (!(thrown instanceof AppError) && host.env['SPACEPANDA_LOG'] === 'debug')
    host.stderr.write(`${String(thrown instanceof Error ? thrown.stack : thrown)}\n`)
  return exitStatus(error.code)
}

/** Of this process, whatever `host` is: the runtime is what this module itself runs in. */
const versionFacts = () => {
  const { version, commit, kind } = buildInfo
  const { versions } = process
  return { version, commit, kind, electron: 'electron' in versions ? versions.electron : null, node: versions.node }
}

function createProgram(host: NodeJS.Process, output: Output, interrupted: AbortSignal): Command {
  const program = new Command('spacepanda')
    .description('Group chat with spaces and channels, end-to-end encrypted, with no server.')
    .option('--data-dir <DIR>', 'the profile folder (default: SPACEPANDA_DATA_DIR, else the application’s)')
    .option('--json', 'print JSON: one object, or one a line for what goes on')
    .option('--passphrase-file <FILE>', 'a file whose first line is the passphrase (default: SPACEPANDA_PASSPHRASE)')
    .version(output.json ? JSON.stringify(versionFacts()) : versionWords(buildInfo, process.versions), '-V, --version', 'what this is')
    .exitOverride()
    .configureOutput({
      writeErr: (text) => (output.json ? undefined : host.stderr.write(text)),
      writeOut: (text) => host.stdout.write(text),
    })
  const wish = () => {
    const { dataDir, passphraseFile } = program.opts<GlobalOptions>()
    return { dataDir: dataDirOf(dataDir, host.platform, host.env), passphrase: readPassphrase(passphraseFile, host.env), env: host.env }
  }
  const context: CliContext = {
    output,
    interrupted,
    wish,
    env: host.env,
    withNode: async (work) => {
      const node = await openNode(wish())
      try {
        await work(node)
      } finally {
        await node.stop()
      }
    },
  }
  addProfileCommands(program, context)
  addKeyCommands(program, context)
  addSpaceCommands(program, context)
  addInvitationCommands(program, context)
  addMemberCommands(program, context)
  addJoinCommand(program, context)
  addMessageCommands(program, context)
  addBackupCommands(program, context)
  addExportCommand(program, context)
  addNodeCommands(program, context)
  addNetworkCommands(program, context)
  addRelayCommand(program, context)
  addConfigCommands(program, context)
  addDoctorCommand(program, context)
  return program
}
