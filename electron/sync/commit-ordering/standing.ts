import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Standings } from './commit-tree.ts'

type Order = (a: MemberId, b: MemberId) => number

/** C5. Lowest rank first. Ranks do not tie, except of those who have none: they come last, by their ids. */
export const byRank =
  (standings: Standings): Order =>
  (a, b) => {
    const [x, y] = [standings.get(a), standings.get(b)]
    const byBytes = x && y ? Buffer.compare(x.rank, y.rank) : Number(x === undefined) - Number(y === undefined)
    return byBytes || Number(a > b) - Number(a < b)
  }

/** C5. Highest seniority first, then lowest rank. */
export const bySeniority = (standings: Standings): Order => {
  const lower = byRank(standings)
  return (a, b) => {
    const [x, y] = [standings.get(a), standings.get(b)]
    return (x && y ? y.seniority - x.seniority : 0) || lower(a, b)
  }
}
