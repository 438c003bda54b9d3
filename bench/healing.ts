import { begin, rowsOf } from './lib/report.ts'
import type { Line } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import { TwoParts } from './lib/two-parts.ts'

const ROUNDS = 3
const MEMBERS = 25
const COMMITS_EACH = 3
/** Bound of the issue. */
const MOST_MS = 30_000

type Name = 'messages on both sides' | 'commits and messages on both sides'

const LINES: Line<Name>[] = [
  { name: 'messages on both sides', unit: 'ms', against: null },
  { name: 'commits and messages on both sides', unit: 'ms', against: 'messages on both sides' },
]

async function main(): Promise<void> {
  const report = await begin(
    'healing',
    `${MEMBERS} nodes of one process, from reaching each other again to one state, after ${COMMITS_EACH} commits on either side`,
  )
  const parts = await TwoParts.gather(MEMBERS)
  let round = 0
  const healed = async (commits: number): Promise<number> => {
    await parts.part()
    await parts.change(commits, `round ${round++}`)
    return parts.heal()
  }
  try {
    const measured = await alternate<Name>(
      LINES.map((line) => line.name),
      [
        async () => ({ 'messages on both sides': [await healed(0)] }),
        async () => ({ 'commits and messages on both sides': [await healed(COMMITS_EACH)] }),
      ],
      { rounds: ROUNDS, warmUp: 0, budgetMs: 300_000 },
    )
    const rows = rowsOf(LINES, measured)
    const worst = Math.max(...measured['commits and messages on both sides'].flat())
    await report.finish(rows, [`the slowest: ${worst <= MOST_MS ? 'within' : 'NOT within'} ${MOST_MS / 1000} s`])
  } finally {
    await parts.stop()
  }
}

await main()
