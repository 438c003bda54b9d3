import type { Command } from 'commander'
import type { Invitation } from '../../../shared/domain/models.ts'
import type { Args } from '../../../shared/ipc/contract.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import type { CliContext } from '../context.ts'
import { countUpTo, parseDuration } from '../numbers.ts'
import { validated } from '../validated.ts'

interface InviteOptions {
  space: string
  role?: string
  maxUses?: number
  expires?: number
}

export function addInvitationCommands(program: Command, context: CliContext): void {
  addInvite(program, context)
  addInvitations(program, context)
}

function addInvite(program: Command, { output, withNode }: CliContext): void {
  program
    .command('invite')
    .description('make an invitation link')
    .requiredOption('--space <ID>', 'the space')
    .option('--role <ROLE>', 'admin, moderator, member or guest (default: member)')
    .option(
      '--max-uses <N>',
      `how many people may use it, at most ${limits.invitationUses} (default: any number)`,
      countUpTo(limits.invitationUses),
    )
    .option('--expires <TIME>', 'how long it holds, such as 12h, at most 30d (default: 7d)', parseDuration)
    .action(({ space, role, maxUses, expires }: InviteOptions) => {
      const args = validated('invitations.create', { spaceId: space, role, maxUses, expiresInMs: expires })
      return withNode(async ({ api }) => {
        const { link, expiresAt, invitationId } = await api['invitations.create'](args)
        output.result({ link, expiresAt, invitationId }, () => link ?? '')
        output.progress(inviteWords(args, expiresAt))
      })
    })
}

/** For standard error: the link alone is what a script takes. */
function inviteWords({ maxUses, role }: Pick<Args<'invitations.create'>, 'maxUses' | 'role'>, expiresAt: number): string {
  const people = maxUses === null ? 'any number of people come in' : maxUses === 1 ? 'one person comes in' : `${maxUses} people come in`
  return `By it ${people} as ${role === 'admin' ? 'an' : 'a'} ${role}, until ${moment.format(expiresAt)}. Whoever has it can use it.`
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' })

/** Without the link: whoever may see the terminal could use it. `--json` has it, where it was made on this device. */
const invitationWords = ({ invitationId, role, expiresAt, maxUses, uses }: Invitation): string =>
  `${invitationId}  ${role}, used ${uses} of ${maxUses ?? 'any number of'} times, until ${moment.format(expiresAt)}`

function addInvitations(program: Command, { output, withNode }: CliContext): void {
  const invitation = program.command('invitation').description('list and withdraw invitations')
  invitation
    .command('list')
    .description('list the invitations that hold; their links with --json, of those that were made here')
    .requiredOption('--space <ID>', 'the space')
    .action((options: { space: string }) => {
      const args = validated('invitations.list', { spaceId: options.space })
      return withNode(async ({ api }) => {
        const invitations = await api['invitations.list'](args)
        output.result({ invitations }, () => invitations.map(invitationWords).join('\n') || 'There are no open invitations.')
      })
    })
  invitation
    .command('revoke <INVITATION>')
    .description('withdraw one: nobody comes in by it any more')
    .requiredOption('--space <ID>', 'the space')
    .action((invitationId: string, options: { space: string }) => {
      const args = validated('invitations.revoke', { spaceId: options.space, invitationId })
      return withNode(async ({ api }) => {
        await api['invitations.revoke'](args)
        output.result({ invitationId: args.invitationId }, () => 'Withdrawn: nobody comes in by it any more.')
      })
    })
}
