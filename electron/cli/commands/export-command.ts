import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import { AppError } from '../../kernel/errors.ts'
import { fileNameOf } from '../../kernel/file-name.ts'
import type { CliContext } from '../context.ts'
import { followTask } from '../follow-task.ts'
import type { CliNode } from '../open-node.ts'
import { validated } from '../validated.ts'

interface ExportOptions {
  channel: string
  format: string
  out?: string
}

export function addExportCommand(program: Command, context: CliContext): void {
  const { output, withNode } = context
  program
    .command('export')
    .description('write the messages of a channel into a new file that anyone can read')
    .requiredOption('--channel <ID>', 'the channel')
    .requiredOption('--format <FORMAT>', 'json, for programs; html, a page to read and print')
    .option('--out <FILE>', 'the file (default: named after the channel, in this folder)')
    .action(({ channel, format, out }: ExportOptions) => {
      const { channelId, format: checked } = validated('export.channel', { channelId: channel, format, file: resolve(out ?? '.') })
      return withNode(async (node) => {
        const named = out ?? `${fileNameOf(await nameOf(node, channelId))}.${checked}`
        const args = validated('export.channel', { channelId, format: checked, file: resolve(named) })
        const start = () => node.api['export.channel'](args)
        const { file, messages } = await followTask(node, { kind: 'export', words: 'Exporting', start }, context)
        const counts = { spaces: 1, messages, bytes: statSync(file).size }
        output.result(
          { file, counts },
          () => `Wrote ${messages === 1 ? '1 message' : `${messages} messages`} into ${file}. It is not encrypted.`,
        )
      })
    })
}

/** Throws `AppError('not-found')`. */
async function nameOf({ api }: CliNode, channelId: ChannelId): Promise<string> {
  const channels = (await api['spaces.list']({})).flatMap((space) => space.channels)
  const channel = channels.find((one) => one.channelId === channelId)
  if (channel === undefined) throw new AppError('not-found', 'There is no such channel.')
  return channel.name
}
