import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { BackupStatus } from '../../../shared/domain/tasks.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { followTask } from '../follow-task.ts'
import { parseCount } from '../numbers.ts'
import { readRecoveryPhrase } from '../recovery-phrase.ts'
import { validated } from '../validated.ts'
import { withAnyNode } from '../with-any-node.ts'

interface Opening {
  recoveryPhraseFile?: string
}

const RECOVERY_PHRASE = ['--recovery-phrase-file <FILE>', 'a file with the recovery phrase, instead of the passphrase'] as const

/** Copies of the whole profile in one encrypted file. */
export function addBackupCommands(program: Command, context: CliContext): void {
  const backup = program.command('backup').description('make, verify and restore backups of the profile')
  addCreate(backup, context)
  addVerify(backup, context)
  addRestore(backup, context)
  addSchedule(backup, context)
  addStatus(backup, context)
}

const countWords = (spaces: number, messages: number): string =>
  `${spaces === 1 ? '1 space' : `${spaces} spaces`}, ${messages === 1 ? '1 message' : `${messages} messages`}`

const time = (at: number): string => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(at)

function addCreate(backup: Command, context: CliContext): void {
  backup
    .command('create <FILE>')
    .description('write an encrypted backup into a new file, and verify it')
    .action((name: string) => {
      const { output, wish, withNode } = context
      const args = validated('backup.create', { file: resolve(name), passphrase: null })
      return withNode(async (node) => {
        const status = await node.api['profile.status']({})
        // Where only the keyring opens the profile, the passphrase given is that of the backup.
        const opensAnywhere = status.kind === 'open' && (status.profile.passphrase || status.profile.recovery)
        const { passphrase } = validated('backup.create', { file: args.file, passphrase: opensAnywhere ? null : wish().passphrase })
        const start = () => node.api['backup.create']({ ...args, passphrase })
        const { file, spaces, messages, bytes } = await followTask(node, { kind: 'backup', words: 'Backing up', start }, context)
        output.result({ file, counts: { spaces, messages, bytes } }, () => `Wrote and verified ${file}: ${countWords(spaces, messages)}.`)
      })
    })
}

function addVerify(backup: Command, context: CliContext): void {
  backup
    .command('verify <FILE>')
    .description('read all of a backup, open the database in it and check it')
    .option(...RECOVERY_PHRASE)
    .action(async (name: string, opening: Opening) => {
      const args = validated('backup.verify', { file: resolve(name), ...(await openerOf(context, opening)) })
      await withAnyNode(context.wish(), async (node) => {
        const start = () => node.api['backup.verify'](args)
        const { file, createdAt, spaces, messages, bytes } = await followTask(node, { kind: 'verify', words: 'Verifying', start }, context)
        context.output.result(
          { file, createdAt, counts: { spaces, messages, bytes } },
          () => `${file} is whole: ${countWords(spaces, messages)}, as of ${time(createdAt)}.`,
        )
      })
    })
}

function addRestore(backup: Command, context: CliContext): void {
  backup
    .command('restore <FILE>')
    .description('make the profile of an empty data folder from a backup')
    .option(...RECOVERY_PHRASE)
    .action(async (name: string, opening: Opening) => {
      const args = validated('backup.restore', { file: resolve(name), ...(await openerOf(context, opening)) })
      if (args.passphrase === null && args.recoveryPhrase === null) {
        throw new AppError(
          'passphrase-required',
          'The backup needs its passphrase: set SPACEPANDA_PASSPHRASE, or give --passphrase-file or --recovery-phrase-file.',
        )
      }
      await withAnyNode(context.wish(), async (node) => {
        const start = () => node.api['backup.restore'](args)
        const { file, spaces, messages } = await followTask(node, { kind: 'restore', words: 'Restoring', start }, context)
        const { size: bytes } = statSync(file)
        context.output.result(
          { file, counts: { spaces, messages, bytes } },
          () =>
            `Restored ${countWords(spaces, messages)}. You can read everything at once, and write again when a member of the space is online.`,
        )
      })
    })
}

interface ScheduleOptions {
  every: number
  keep: number
  off?: true
}

function addSchedule(backup: Command, { output, withNode }: CliContext): void {
  backup
    .command('schedule [FOLDER]')
    .description('make backups into a folder by itself, or stop that')
    .option('--every <DAYS>', 'how often', parseCount, 7)
    .option('--keep <N>', 'how many to keep there', parseCount, 4)
    .option('--off', 'make no more')
    .action((folder: string | undefined, { every, keep, off }: ScheduleOptions) => {
      if ((folder === undefined) !== (off === true)) throw new AppError('usage', 'Give the folder for backups, or --off.')
      const schedule = folder === undefined ? null : { folder: resolve(folder), everyDays: every, keep }
      const args = validated('backup.setSchedule', { schedule })
      return withNode(async ({ api }) => {
        const status = await api['backup.setSchedule'](args)
        output.result(status, () => statusWords(status))
      })
    })
}

function addStatus(backup: Command, { output, withNode }: CliContext): void {
  backup
    .command('status')
    .description('show the schedule, the last backup, and copies kept for repairs')
    .action(() =>
      withNode(async ({ api }) => {
        const status = await api['backup.status']({})
        output.result(status, () => statusWords(status))
      }),
    )
}

function statusWords({ schedule, last, problem, snapshots, dataFolder }: BackupStatus): string {
  const every = schedule?.everyDays === 1 ? 'every day' : `every ${schedule?.everyDays ?? 0} days`
  return [
    schedule === null
      ? 'No backups are made by themselves.'
      : `A backup ${every} while SpacePanda runs, into ${schedule.folder}; the newest ${schedule.keep} are kept.`,
    last === null ? 'There is no backup yet.' : `The last one: ${time(last.at)}, ${last.file}`,
    ...(problem === null ? [] : [`The last scheduled one failed: ${problem}`]),
    `Copies kept for repairs: ${snapshots.length}, beside the profile in ${dataFolder}`,
  ].join('\n')
}

async function openerOf({ wish }: CliContext, { recoveryPhraseFile }: Opening) {
  if (recoveryPhraseFile !== undefined) return { passphrase: null, recoveryPhrase: await readRecoveryPhrase(recoveryPhraseFile) }
  return { passphrase: wish().passphrase, recoveryPhrase: null }
}
