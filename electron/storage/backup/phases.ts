import type { Work } from '../../kernel/work.ts'

/**
 * One progress for work of several parts: `parts` are their shares of the whole, in one unit. Each part gets a `Work` of its own
 * that may count in another unit.
 */
export function phases(work: Work, parts: readonly number[]): Work[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part, index) => {
    const before = parts.slice(0, index).reduce((sum, one) => sum + one, 0)
    return {
      signal: work.signal,
      progress: (done, of) => {
        if (of !== null && of > 0) work.progress(before + Math.round((Math.min(done, of) / of) * part), total)
      },
    }
  })
}
