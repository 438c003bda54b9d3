import type { Command } from 'commander'
import type { Channel, Space } from '../../../shared/domain/models.ts'
import type { CliContext } from '../context.ts'
import { historyOf, historyWish, historyWords } from '../history-words.ts'
import { parseCount } from '../numbers.ts'
import { channelWords, spaceWords } from '../space-words.ts'
import { leftWords, seeOff } from '../see-off.ts'
import { validated } from '../validated.ts'
import { addChannelMemberCommands } from './channel-member-commands.ts'

/** `status` where one is not in it as a member: what can be read and not answered is no channel like others. */
const channelView = ({ channelId, name, kind, status }: Channel) => ({
  ...{ channelId, name, kind },
  ...(status.kind !== 'member' && { status: status.kind }),
})
const spaceView = ({ spaceId, name, status, channels }: Space) => ({
  spaceId,
  name,
  status: status.kind,
  channels: channels.map(channelView),
})

export function addSpaceCommands(program: Command, context: CliContext): void {
  addSpaces(program, context)
  addChannelMemberCommands(program, addChannels(program, context), context)
}

function addSpaces(program: Command, { output, withNode, interrupted }: CliContext): void {
  const space = program.command('space').description('make and list spaces')
  space
    .command('create <NAME>')
    .description('make a space with a channel called general')
    .action((name: string) => {
      const args = validated('spaces.create', { name })
      return withNode(async ({ api }) => {
        const made = await api['spaces.create'](args)
        output.result(spaceView(made), () => spaceWords(made))
      })
    })
  space
    .command('list')
    .description('list spaces and their channels')
    .action(() =>
      withNode(async ({ api }) => {
        const spaces = await api['spaces.list']({})
        output.result({ spaces: spaces.map(spaceView) }, () => spaces.map(spaceWords).join('\n') || 'No spaces yet.')
      }),
    )
  space
    .command('history')
    .description('what newcomers are given of what was said before they came')
    .argument('[WHAT]', '"none", "last" with a number, or "all"; left out: say what it is')
    .argument('[COUNT]', 'so many messages of each channel', parseCount)
    .requiredOption('--space <ID>', 'the space')
    .action((what: string | undefined, count: number | undefined, options: { space: string }) => {
      const { spaceId } = validated('spaces.history', { spaceId: options.space })
      const history = historyWish(spaceId, what, count)
      return withNode(async ({ api }) => {
        const now = await historyOf(api, spaceId, history)
        output.result({ spaceId, history: now }, () => historyWords(now))
      })
    })
  space
    .command('rename <NAME>')
    .description('give a space another name')
    .requiredOption('--space <ID>', 'the space')
    .action((name: string, options: { space: string }) => {
      const args = validated('spaces.rename', { spaceId: options.space, name })
      return withNode(async ({ api }) => {
        const renamed = await api['spaces.rename'](args)
        output.result(spaceView(renamed), () => spaceWords(renamed))
      })
    })
  space
    .command('repair')
    .description('the last resort where a space does not go on: ask its members to let this device in again')
    .requiredOption('--space <ID>', 'the space')
    .action((options: { space: string }) => {
      const args = validated('spaces.repair', { spaceId: options.space })
      return withNode(async ({ api }) => {
        await api['spaces.repair'](args)
        output.result({ spaceId: args.spaceId }, () => 'As soon as a member is connected this device is let in again.')
      })
    })
  space
    .command('leave')
    .description(
      'leave a space; the others are told as soon as one of them is connected, and then its messages and keys are deleted from this device',
    )
    .requiredOption('--space <ID>', 'the space')
    .action((options: { space: string }) => {
      const args = validated('spaces.leave', { spaceId: options.space })
      return withNode(async (node) => {
        const how = await seeOff(node, {
          leave: () => node.api['spaces.leave'](args),
          members: () => node.api['members.list'](args),
          isHere: (spaces) => spaces.some((s) => s.spaceId === args.spaceId),
          interrupted,
        })
        output.result({ spaceId: args.spaceId, done: how === 'done' }, () => leftWords('space', how))
      })
    })
  space
    .command('forget')
    .description('delete from this device what is left of a space that you were removed from')
    .requiredOption('--space <ID>', 'the space')
    .action((options: { space: string }) => {
      const args = validated('spaces.forget', { spaceId: options.space })
      return withNode(async ({ api }) => {
        await api['spaces.forget'](args)
        output.result({ spaceId: args.spaceId }, () => 'Deleted from this device.')
      })
    })
}

const several = (value: string, before: string[]): string[] => [...before, value]

function addChannels(program: Command, { output, withNode }: CliContext): Command {
  const channel = program.command('channel').description('make and list channels')
  channel
    .command('create <NAME>')
    .description('make a channel in a space')
    .requiredOption('--space <ID>', 'the space')
    .option('--private', 'only for the members that --member names, and nobody else learns of it')
    .option('--member <ID>', 'a member of the space who is in it; may be given several times', several, [])
    .option('--pseudonymous', 'members appear under other identities (not available yet)')
    .action((name: string, options: { space: string; private?: true; pseudonymous?: true; member: string[] }) => {
      const kind = options.private ? 'private' : options.pseudonymous ? 'pseudonymous' : 'open'
      const args = validated('channels.create', { spaceId: options.space, name, kind, members: options.member })
      return withNode(async ({ api }) => {
        const made = await api['channels.create'](args)
        output.result({ ...channelView(made), spaceId: made.spaceId }, () => `#${made.name}  ${made.channelId}`)
      })
    })
  channel
    .command('rename <NAME>')
    .description('give a channel another name')
    .requiredOption('--channel <ID>', 'the channel')
    .action((name: string, options: { channel: string }) => {
      const args = validated('channels.rename', { channelId: options.channel, name })
      return withNode(async ({ api }) => {
        const renamed = await api['channels.rename'](args)
        output.result({ ...channelView(renamed), spaceId: renamed.spaceId }, () => `#${renamed.name}  ${renamed.channelId}`)
      })
    })
  channel
    .command('list')
    .description('list channels')
    .option('--space <ID>', 'of this space only')
    .action((options: { space?: string }) => {
      const wanted = options.space === undefined ? null : validated('members.list', { spaceId: options.space }).spaceId
      return withNode(async ({ api }) => {
        if (wanted !== null) await api['members.list']({ spaceId: wanted })
        const spaces = (await api['spaces.list']({})).filter((s) => wanted === null || s.spaceId === wanted)
        const channels = spaces.flatMap((s) => s.channels.map((c) => ({ ...channelView(c), spaceId: s.spaceId })))
        const words = (): string => spaces.flatMap((s) => s.channels.map(channelWords)).join('\n') || 'No channels yet.'
        output.result({ channels }, words)
      })
    })
  return channel
}
