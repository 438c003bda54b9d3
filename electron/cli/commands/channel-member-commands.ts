import type { Command } from 'commander'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Channel } from '../../../shared/domain/models.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { historyOf, historyWish, historyWords } from '../history-words.ts'
import { parseCount } from '../numbers.ts'
import { leftWords, seeOff } from '../see-off.ts'
import { validated } from '../validated.ts'
import { memberView, memberWords, whichMember } from './member-commands.ts'

interface OfChannel {
  channel: string
}

/** Private channels and direct messages: who is in them. `channel` is the command group that lists and makes channels. */
export function addChannelMemberCommands(program: Command, channel: Command, context: CliContext): void {
  addDirect(program, context)
  addList(channel, context)
  addAdd(channel, context)
  addRemove(channel, context)
  addHistory(channel, context)
  addRepair(channel, context)
  addLeave(channel, context)
}

function addDirect(program: Command, { output, withNode }: CliContext): void {
  program
    .command('dm')
    .argument('<MEMBER>', whichMember)
    .description(
      'the conversation with a member of a space, the same one each time: prints the id of its channel, for “send” and “history”',
    )
    .requiredOption('--space <ID>', 'the space, as “spacepanda space list” lists it')
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
    .command('add')
    .argument('<MEMBER>', whichMember)
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
    .command('remove')
    .argument('<MEMBER>', whichMember)
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

/** A private channel, with the group it is. Throws `AppError('not-found' | 'invalid')`. */
async function ofItsOwn(api: Api, channelId: ChannelId): Promise<Channel> {
  const all = (await api['spaces.list']({})).flatMap((space) => space.channels)
  const found = all.find((one) => one.channelId === channelId)
  if (found === undefined) throw new AppError('not-found', 'There is no such channel.')
  if (found.membersOf === found.spaceId) throw new AppError('invalid', 'This is a channel of the space. Ask for that of the space itself.')
  return found
}

function addHistory(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('history')
    .description('what newcomers to a private channel are given of what was said before they came')
    .argument('[WHAT]', '"none", "last" with a number, or "all"; left out: say what it is')
    .argument('[COUNT]', 'so many messages', parseCount)
    .requiredOption('--channel <ID>', 'the channel')
    .action((what: string | undefined, count: number | undefined, options: OfChannel) => {
      const { channelId } = validated('channels.members', { channelId: options.channel })
      return withNode(async ({ api }) => {
        const { membersOf } = await ofItsOwn(api, channelId)
        const now = await historyOf(api, membersOf, historyWish(membersOf, what, count))
        output.result({ channelId, history: now }, () => historyWords(now, true))
      })
    })
}

function addRepair(channel: Command, { output, withNode }: CliContext): void {
  channel
    .command('repair')
    .description('the last resort where a private channel does not go on: ask its members to let this device in again')
    .requiredOption('--channel <ID>', 'the channel')
    .action((options: OfChannel) => {
      const { channelId } = validated('channels.members', { channelId: options.channel })
      return withNode(async ({ api }) => {
        const { membersOf } = await ofItsOwn(api, channelId)
        await api['spaces.repair']({ spaceId: membersOf })
        output.result({ channelId }, () => 'As soon as a member is connected this device is let in again.')
      })
    })
}

function addLeave(channel: Command, { output, withNode, interrupted }: CliContext): void {
  channel
    .command('leave')
    .description(
      'leave a private channel or a direct message; once the others are told, its messages and keys are deleted from this device',
    )
    .requiredOption('--channel <ID>', 'the channel')
    .action((options: OfChannel) => {
      const args = validated('channels.leave', { channelId: options.channel })
      return withNode(async (node) => {
        const how = await seeOff(node, {
          leave: () => node.api['channels.leave'](args),
          members: () => node.api['channels.members'](args),
          isHere: (spaces) => spaces.some((s) => s.channels.some((c) => c.channelId === args.channelId)),
          interrupted,
        })
        output.result({ channelId: args.channelId, done: how === 'done' }, () => leftWords('channel', how))
      })
    })
}
