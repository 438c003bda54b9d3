import type { Command } from 'commander'
import type { DoctorCheck } from '../../../shared/domain/tasks.ts'
import type { CliContext } from '../context.ts'
import { followTask } from '../follow-task.ts'
import { QuietFailure } from '../quiet-failure.ts'
import { readRecoveryPhrase } from '../recovery-phrase.ts'
import { validated } from '../validated.ts'
import { withAnyNode } from '../with-any-node.ts'

interface Options {
  repair?: boolean
  recoveryPhraseFile?: string
}

export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('look at everything the profile stands on; with --repair, mend what can be mended')
    .option('--repair', 'repair what is damaged; the damaged database is kept beside the repaired one')
    .option('--recovery-phrase-file <FILE>', 'a file that holds the recovery phrase, to open the profile instead of a passphrase')
    .action(async ({ repair = false, recoveryPhraseFile }: Options) => {
      const { wish, output } = context
      const recoveryPhrase = recoveryPhraseFile === undefined ? null : await readRecoveryPhrase(recoveryPhraseFile)
      const args = validated('doctor.run', { repair, passphrase: wish().passphrase, recoveryPhrase })
      await withAnyNode(wish(), async (node) => {
        output.progress(repair ? 'Checking and repairing the profile…' : 'Checking the profile…')
        const task = { kind: repair ? 'repair' : 'check', words: repair ? 'Repairing' : 'Checking' } as const
        const { checks } = await followTask(node, { ...task, start: () => node.api['doctor.run'](args) }, context)
        tell(context, checks)
      })
    })
}

const markOf = ({ ok, warning }: DoctorCheck): string => (!ok ? 'BAD' : warning === true ? '!  ' : 'ok ')

function tell({ output }: CliContext, checks: readonly DoctorCheck[]): void {
  const isOk = checks.every(({ ok }) => ok)
  output.result({ ok: isOk, checks }, () => checks.map((check) => `${markOf(check)}  ${check.detail}`).join('\n'))
  if (!isOk) throw new QuietFailure()
}
