import { unreachable } from '../../kernel/errors.ts'
import type { RepairOutcome } from '../../storage/repair/repair-database.ts'

const RETURN =
  'Each space can be read now, and written in as soon as one of its members was online for a moment; what is missing comes back from them.'

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
      return `The snapshot of ${new Date(outcome.from).toISOString()} took the place of the damaged database, which was kept, and ${outcome.messages} newer messages were saved from it. ${RETURN}`
    case 'rebuilt-with-losses':
      return `There was no snapshot. What could be read went into a new database; parts of ${outcome.tables} tables are lost. The damaged database was kept. ${RETURN}`
    default:
      return unreachable(outcome)
  }
}
