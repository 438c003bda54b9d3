import type { Command } from 'commander'
import { checkWords, sentencesOf } from '../connection-words.ts'
import type { CliContext } from '../context.ts'
import { followTask } from '../follow-task.ts'
import { QuietFailure } from '../quiet-failure.ts'

export function addNetworkCommands(program: Command, context: CliContext): void {
  const { output, withNode } = context
  program
    .command('network')
    .description('what the connections of this device stand on')
    .command('test')
    .description('try the network, relays and people out, and say what is wrong and what to do about it')
    .action(() =>
      withNode(async (node) => {
        output.progress('Testing the connection…')
        const task = { kind: 'connection', words: 'Testing', start: () => node.api['connection.test']({}) } as const
        const { findings } = await followTask(node, task, context)
        const ok = findings.every(({ status }) => status !== 'failed')
        const checks = findings.map((check) => ({ ...check, ...sentencesOf(check) }))
        output.result({ ok, checks }, () => findings.map(checkWords).join('\n'))
        if (!ok) throw new QuietFailure()
      }),
    )
}
