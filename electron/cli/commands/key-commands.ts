import type { Command } from 'commander'
import { AppError } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { readNewPassphrase } from '../passphrase.ts'
import { readRecoveryPhrase } from '../recovery-phrase.ts'
import { validated } from '../validated.ts'
import { withAnyNode } from '../with-any-node.ts'

interface NewPassphrase {
  newPassphraseFile?: string
}

const NEW_PASSPHRASE = [
  '--new-passphrase-file <FILE>',
  'a file whose first line is the new passphrase (default: SPACEPANDA_NEW_PASSPHRASE)',
] as const

/** What opens the profile, and closing it. Secrets come from files, the environment or standard input, never as arguments. */
export function addKeyCommands(program: Command, context: CliContext): void {
  addLock(program, context)
  addPassphrase(program, context)
  addRecoveryPhrase(program, context)
  addRecover(program, context)
}

function addLock(program: Command, context: CliContext): void {
  const { output } = context

  program
    .command('lock')
    .description('close the profile in the running SpacePanda and forget its key')
    .action(() =>
      withAnyNode(context.wish(), async ({ api }) => {
        const status = await api['profile.lock']({})
        if (status.kind === 'unreadable') throw new AppError(status.code, status.reason)
        output.result({ locked: true }, () => 'The profile is locked.')
      }),
    )

  program
    .command('unlock')
    .description('open the profile in the running SpacePanda again')
    .action(() =>
      withAnyNode(context.wish(), async ({ api, remote }) => {
        if (!remote) throw new AppError('not-found', 'SpacePanda does not run over this folder. Commands open the profile by themselves.')
        const { profileId, name } = await api['profile.unlock']({ passphrase: context.wish().passphrase })
        output.result({ profileId, name }, () => `The profile of ${name} is open.`)
      }),
    )
}

function addPassphrase(program: Command, { output, wish, withNode, env }: CliContext): void {
  const passphrase = program.command('passphrase').description('change or remove what opens the profile')

  passphrase
    .command('change')
    .description('set another passphrase; the present one is given as for all commands')
    .option(...NEW_PASSPHRASE)
    .action(({ newPassphraseFile }: NewPassphrase) => {
      const next = readNewPassphrase(newPassphraseFile, env)
      if (next === null)
        throw new AppError('usage', 'Give the new passphrase: set SPACEPANDA_NEW_PASSPHRASE or give --new-passphrase-file.')
      const args = validated('profile.setPassphrase', { current: wish().passphrase, next })
      return withNode(async ({ api }) => {
        const { profileId } = await api['profile.setPassphrase'](args)
        output.result({ profileId, passphrase: true }, () => 'From now on the new passphrase opens this profile, and the old one does not.')
      })
    })

  passphrase
    .command('remove')
    .description("leave the profile's key to the system's keyring; only the window has one")
    .action(() =>
      withNode(async ({ api, remote }) => {
        if (!remote)
          throw new AppError(
            'passphrase-required',
            "A terminal has no keyring to keep the profile's key instead. Remove the passphrase in the window.",
          )
        const { profileId } = await api['profile.setPassphrase']({ current: wish().passphrase, next: null })
        output.result({ profileId, passphrase: false }, () => "From now on the system's keyring opens this profile.")
      }),
    )
}

function addRecoveryPhrase(program: Command, { output, wish, withNode }: CliContext): void {
  const phrase = program.command('recovery-phrase').description('24 words that open the profile when all else is lost')

  phrase
    .command('make')
    .description('make one and print it, to be written down; one made before opens nothing any more')
    .action(() =>
      withNode(async ({ api }) => {
        const { recoveryPhrase } = await api['profile.makeRecoveryPhrase']({ current: wish().passphrase })
        output.result(
          { recoveryPhrase },
          () =>
            `${numbered(recoveryPhrase)}\n\nWrite these words down and keep them safe. Whoever has them can read this profile. Words made before open nothing any more.`,
        )
      }),
    )

  phrase
    .command('remove')
    .description('from now on no recovery phrase opens the profile')
    .action(() =>
      withNode(async ({ api }) => {
        const { profileId } = await api['profile.removeRecoveryPhrase']({ current: wish().passphrase })
        output.result({ profileId, recovery: false }, () => 'No recovery phrase opens this profile any more.')
      }),
    )
}

function addRecover(program: Command, context: CliContext): void {
  program
    .command('recover')
    .description('open the profile by its recovery phrase and set a new passphrase')
    .option('--recovery-phrase-file <FILE>', 'a file that holds the phrase (default: standard input)')
    .option(...NEW_PASSPHRASE)
    .action(async ({ recoveryPhraseFile, newPassphraseFile }: NewPassphrase & { recoveryPhraseFile?: string }) => {
      // Whoever has forgotten the passphrase has no present one to give, so what is given as such is the new one.
      const passphrase = readNewPassphrase(newPassphraseFile, context.env) ?? context.wish().passphrase
      const recoveryPhrase = await readRecoveryPhrase(recoveryPhraseFile)
      const args = validated('profile.recover', { recoveryPhrase, passphrase })
      await withAnyNode(context.wish(), async ({ api, remote }) => {
        const status = await api['profile.status']({})
        if (status.kind === 'none') throw noProfile()
        if (!remote && passphrase === null)
          throw new AppError('passphrase-required', 'Choose a new passphrase: set SPACEPANDA_NEW_PASSPHRASE or give --new-passphrase-file.')
        const { profileId, name } = await api['profile.recover'](args)
        context.output.result({ profileId, name }, () => `The profile of ${name} is open again, and has a new passphrase.`)
      })
    })
}

const noProfile = (): AppError => new AppError('no-profile', 'There is no profile here. Make one with: init --name NAME')

const numbered = (phrase: string): string =>
  phrase
    .split(' ')
    .map((word, n) => `${String(n + 1).padStart(2)}. ${word}`)
    .join('\n')
