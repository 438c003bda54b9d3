import type { Command } from 'commander'
import type { Member } from '../../../shared/domain/models.ts'
import type { CliContext } from '../context.ts'
import { validated } from '../validated.ts'

/** What stands for MEMBER, in the help of every command that takes one. */
export const whichMember = 'the id of a member, as “spacepanda members” lists it'

interface OfSpace {
  space: string
}

export function addMemberCommands(program: Command, context: CliContext): void {
  addList(program, context)
  const member = program.command('member').description('remove, promote and verify members of a space')
  addRemove(member, context)
  addRole(member, context)
  addVerify(member, context)
}

export const memberView = ({ memberId, name, role, devices, verified, online }: Member) => ({
  memberId,
  name,
  role,
  devices,
  verified,
  online,
})

export function memberWords({ memberId, name, role, devices, verified, online, self }: Member): string {
  const more = [devices === 1 ? '1 device' : `${devices} devices`, self ? 'you' : verified ? 'verified' : 'not verified']
  return [name, role, online ? 'online' : 'offline', ...more, memberId].join('  ')
}

function addList(program: Command, { output, withNode }: CliContext): void {
  program
    .command('members')
    .description('list the members of a space')
    .requiredOption('--space <ID>', 'the space')
    .action(({ space }: OfSpace) => {
      const args = validated('members.list', { spaceId: space })
      return withNode(async ({ api }) => {
        const members = await api['members.list'](args)
        output.result({ members: members.map(memberView) }, () => members.map(memberWords).join('\n'))
      })
    })
}

function addRemove(member: Command, { output, withNode }: CliContext): void {
  member
    .command('remove')
    .argument('<MEMBER>', whichMember)
    .description('remove a member with every device; they can read nothing written from then on')
    .requiredOption('--space <ID>', 'the space')
    .action((memberId: string, { space }: OfSpace) => {
      const args = validated('members.remove', { spaceId: space, memberId })
      return withNode(async ({ api }) => {
        await api['members.remove'](args)
        output.result({ memberId: args.memberId }, () => 'Removed.')
      })
    })
}

function addRole(member: Command, { output, withNode }: CliContext): void {
  member
    .command('role')
    .argument('<MEMBER>', whichMember)
    .argument('<ROLE>')
    .description('give a member another role: owner, admin, moderator, member or guest')
    .requiredOption('--space <ID>', 'the space')
    .action((memberId: string, role: string, { space }: OfSpace) => {
      const args = validated('members.setRole', { spaceId: space, memberId, role })
      return withNode(async ({ api }) => {
        const changed = await api['members.setRole'](args)
        output.result({ memberId: changed.memberId, role: changed.role }, () => `${changed.name} is ${changed.role} now.`)
      })
    })
}

function addVerify(member: Command, { output, withNode }: CliContext): void {
  member
    .command('verify')
    .argument('<MEMBER>', whichMember)
    .description('show the safety number to compare with a member by another way, such as a call')
    .requiredOption('--space <ID>', 'the space')
    .option('--confirm', 'note on this device that it was compared and is the same')
    .action((memberId: string, { space, confirm }: OfSpace & { confirm?: true }) => {
      const args = validated('members.verify', { spaceId: space, memberId, verified: confirm === true ? true : null })
      return withNode(async ({ api }) => {
        const shown = await api['members.verify'](args)
        output.result(shown, () => `${shown.safetyNumber}\n${shown.verified ? 'Verified on this device.' : 'Not verified yet.'}`)
      })
    })
}
