/**
 * What a check found. `read` is how many files it looked at: a check that looked at nothing has not passed.
 * @typedef {{ read: number, problems: readonly string[], warnings?: readonly string[] }} Outcome
 */

/** @typedef {{ name: string, minimum: number, unit?: string, cacheable: boolean, run: (context: Context) => Promise<Outcome> }} Check minimum: how many files (or what `unit` says) it must have read at least */

/** @typedef {{ node: string, sources: readonly string[] }} Context node: a Node 24; sources: files of the checkout that are ours, relative, with forward slashes */

/**
 * The one line about a check, and whether it passed.
 * @param {Pick<Check, 'name' | 'minimum' | 'unit'>} check @param {Outcome} outcome @param {number} milliseconds
 */
export const judge = (check, outcome, milliseconds) => {
  const tooFew = outcome.read < check.minimum
  const problems = tooFew
    ? [...outcome.problems, `looked at ${outcome.read} files, expected at least ${check.minimum}: the check itself is broken`]
    : [...outcome.problems]
  const ok = problems.length === 0
  const what = ok ? `${outcome.read} ${check.unit ?? 'files'}` : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
  return { ok, problems, line: `${ok ? '✓' : '✗'} ${check.name}: ${what} (${(milliseconds / 1000).toFixed(1)} s)` }
}
