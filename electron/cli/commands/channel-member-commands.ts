import type { Command } from 'commander'
import type { Channel } from '../../../shared/domain/models.ts'
import type { CliContext } from '../context.ts'
import { validated } from '../validated.ts'
import { memberView, memberWords } from './member-commands.ts'

interface OfChannel {
  channel: string
}

const LEFT = 'You left the channel.'
const LEAVING =
  'You left the channel. Its members are told as soon as one of them is connected; until then run this profile once in a while.'

/** Private channels and direct messages: who is in them. `channel` is the command group that lists and makes channels. */
export function addChannelMemberCommands(program: Command, channel: Command, context: CliContext): void {
  addDirect(program, context)
  addList(channel, context)
  addAdd(channel, context)
  addRemove(channel, context)
  addLeave(channel, context)
}

function addDirect(program: Command, { output, withNode }: CliContext): void {
  program
    .command('dm <MEMBER>')
    .description('the conversation with a member of a space, the same one each time')
    .requiredOption('--space <ID>', 'the space')
    .action((memberId: string, { space }: { space: string }) => {
      const args = validated('channels.direct', { spaceId: space, memberId })
      return withNode(async ({ api }) => {
        const { channelId, name } = await api['channels.direct'](args)
        output.result({ channelId }, () => `${name}  ${channelId}`)
      })
    })
}

function addList(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('members')
    .description('list who is in a channel')
    .requiredOption('--channel <ID>', 'the channel')
    .action((options: OfChannel) => {
      const args = validated('channels.members', { channelId: options.channel })
      return withNode(async ({ api }) => {
        const members = await api['channels.members'](args)
        output.result({ members: members.map(memberView) }, () => members.map(memberWords).join('\n'))
      })
    })
}

const whoIsIn = ({ channelId, memberCount }: Channel) => ({ channelId, memberCount })

function addAdd(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('add <MEMBER>')
    .description('add a member of the space to a private channel; who is away comes in when they are back')
    .requiredOption('--channel <ID>', 'the channel')
    .action((memberId: string, options: OfChannel) => {
      const args = validated('channels.addMember', { channelId: options.channel, memberId })
      return withNode(async ({ api }) => {
        const changed = await api['channels.addMember'](args)
        output.result({ ...whoIsIn(changed), memberId: args.memberId }, () => 'Added.')
      })
    })
}

function addRemove(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('remove <MEMBER>')
    .description('remove somebody from a private channel; they can read nothing written from then on')
    .requiredOption('--channel <ID>', 'the channel')
    .action((memberId: string, options: OfChannel) => {
      const args = validated('channels.removeMember', { channelId: options.channel, memberId })
      return withNode(async ({ api }) => {
        const changed = await api['channels.removeMember'](args)
        output.result({ ...whoIsIn(changed), memberId: args.memberId }, () => 'Removed.')
      })
    })
}

function addLeave(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('leave')
    .description('leave a private channel or a direct message')
    .requiredOption('--channel <ID>', 'the channel')
    .action((options: OfChannel) => {
      const args = validated('channels.leave', { channelId: options.channel })
      return withNode(async ({ api }) => {
        await api['channels.leave'](args)
        const waiting = (await api['spaces.list']({})).some((s) => s.channels.some((c) => c.channelId === args.channelId))
        output.result({ channelId: args.channelId, done: !waiting }, () => (waiting ? LEAVING : LEFT))
      })
    })
}
