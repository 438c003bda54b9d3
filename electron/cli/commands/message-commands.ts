import { Option } from 'commander'
import type { Command } from 'commander'
import type { Message, MessageState } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { awaitEvent } from '../await-event.ts'
import type { CliContext } from '../context.ts'
import { parseCount } from '../numbers.ts'
import type { CliNode } from '../open-node.ts'
import { readStdin } from '../stdin.ts'
import { validated } from '../validated.ts'
import { addHistoryCommands } from './history-commands.ts'

const DEFAULT_WAIT_S = 60
const order: readonly MessageState[] = ['stored', 'held', 'delivered', 'read']

interface SendOptions {
  channel: string
  replyTo?: string
  wait: 'stored' | 'held' | 'delivered'
  timeout: number
}

export function addMessageCommands(program: Command, context: CliContext): void {
  addSend(program, context)
  addHistoryCommands(program, context)
}

function addSend(program: Command, { output, withNode, interrupted }: CliContext): void {
  program
    .command('send [TEXT]')
    .description('write a message; without TEXT it is read from standard input')
    .requiredOption('--channel <ID>', 'the channel')
    .option('--reply-to <MESSAGE>', 'the message it answers')
    .addOption(new Option('--wait <STATE>', 'wait until it is this far').choices(['stored', 'held', 'delivered']).default('stored'))
    .option('--timeout <SECONDS>', 'how long to wait; the message goes on waiting on this device', parseCount, DEFAULT_WAIT_S)
    .action(async (text: string | undefined, { channel, replyTo, wait, timeout }: SendOptions) => {
      const args = validated('messages.send', { channelId: channel, text: text ?? (await readStdin()), replyTo: replyTo ?? null })
      await withNode(async (node) => {
        const sent = await node.api['messages.send'](args)
        const message = await reached(node, sent, wait, timeout * 1000, interrupted)
        output.result(
          { messageId: message.messageId, state: message.delivery.state },
          () => `${message.messageId}  ${message.delivery.state}`,
        )
      })
    })
}

function reached(node: CliNode, sent: Message, wait: MessageState, timeoutMs: number, interrupted: AbortSignal): Promise<Message> {
  const { messageId } = sent
  const far = (message: Message): Message | null => {
    if (message.messageId !== messageId) return null
    if (message.delivery.state === 'failed')
      throw new AppError('conflict', message.delivery.reason ?? 'The message could not be delivered.')
    return order.indexOf(message.delivery.state) >= order.indexOf(wait) ? message : null
  }
  return awaitEvent(node, {
    now: async () => far(await node.api['messages.get']({ messageId })),
    seen: (event) => (event.event === 'message.changed' ? far(event.data) : null),
    timeoutMs,
    late: `The message ${messageId} is safe on this device and goes out by itself. It was not ${wait} in the time allowed.`,
    interrupted,
  })
}
