/** What a set of measurements of one thing says. In the unit of the samples. */
export interface Summary {
  count: number
  median: number
  p95: number
  /** Half of all samples lie in a band this wide, as a share of the median: 0.1 is calm, 1 is noise. */
  spread: number
}

/** A subject against its baseline: of each round's medians, so that what slowed a round down slowed both. */
export interface Ratio {
  median: number
  /** The lowest and highest of any round. */
  low: number
  high: number
}

/** Between the two nearest samples (the method R and NumPy use by default). `share` is in [0, 1]. */
export function quantile(samples: readonly number[], share: number): number {
  if (!samples.every(Number.isFinite)) throw new RangeError('a sample is no number')
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  if (low === undefined || high === undefined) throw new RangeError('nothing was measured')
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

export function summarise(samples: readonly number[]): Summary {
  const middle = median(samples)
  const band = quantile(samples, 0.75) - quantile(samples, 0.25)
  return { count: samples.length, median: middle, p95: quantile(samples, 0.95), spread: middle === 0 ? 0 : band / middle }
}

/** Round n of the subject over round n of the baseline. Both must have the same rounds. */
export function ratioOf(subject: readonly (readonly number[])[], baseline: readonly (readonly number[])[]): Ratio {
  if (subject.length !== baseline.length) throw new RangeError('subject and baseline were measured in different rounds')
  const ratios = subject.map((samples, round) => {
    const base = median(baseline[round] ?? [])
    if (base <= 0) throw new RangeError('a baseline that took no time')
    return median(samples) / base
  })
  return { median: median(ratios), low: quantile(ratios, 0), high: quantile(ratios, 1) }
}
