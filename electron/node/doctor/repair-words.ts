import { unreachable } from '../../kernel/errors.ts'
import type { RepairOutcome } from '../../storage/repair/repair-database.ts'

const RETURN =
  'Each space can be read now, and written in as soon as one of its members was online for a moment; what is missing comes back from them.'

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' })

const saved = (messages: number): string =>
  messages === 0 ? '' : `, and ${messages === 1 ? 'one newer message was' : `${messages} newer messages were`} saved from it`

/** What a repair did, for a person. */
export function repairWords(outcome: RepairOutcome): string {
  switch (outcome.kind) {
    case 'sound':
      return 'There was nothing to repair.'
    case 'reindexed':
    case 'mended':
      return 'Indexes and counters were made anew. Nothing was lost.'
    case 'rebuilt':
      return 'The damaged parts were made anew from the rest. Nothing was lost; the damaged database was kept beside the new one.'
    case 'restored':
      return `The snapshot of ${moment.format(outcome.from)} took the place of the damaged database, which was kept${saved(outcome.messages)}. ${RETURN}`
    case 'rebuilt-with-losses':
      return `There was no snapshot that could be used. What could be read went into a new database; parts of ${outcome.tables} tables are lost. The damaged database was kept. ${RETURN}`
    default:
      return unreachable(outcome)
  }
}
