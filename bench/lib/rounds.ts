/** Name of what is measured → its samples, one list for each round. */
export type Rounds<N extends string> = Record<N, number[][]>

/** One turn: measures once or many times, answers the samples. A turn with several things to tell answers each by its name. */
export type Turn<N extends string> = () => Promise<Partial<Record<N, readonly number[]>>>

/** Fewer say nothing about how far to trust them. */
const FEWEST_ROUNDS = 3

/**
 * Runs every turn once per round, every other round in reverse order, so that neither what the machine does meanwhile
 * nor who came just before favours one of them. `warmUp` rounds before are thrown away. On a machine that is too slow
 * for all rounds within `budgetMs` fewer are taken, though never less than three.
 */
export async function alternate<N extends string>(
  names: readonly N[],
  turns: readonly Turn<N>[],
  { rounds, warmUp, budgetMs }: { rounds: number; warmUp: number; budgetMs: number },
): Promise<Rounds<N>> {
  const measured = Object.fromEntries(names.map((name): [string, number[][]] => [name, []])) as Rounds<N>
  const until = performance.now() + budgetMs
  for (let round = -warmUp; round < rounds; round++) {
    if (round >= FEWEST_ROUNDS && performance.now() > until) break
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const samples = await turn()
      if (round >= 0) for (const name of names) if (samples[name] !== undefined) measured[name].push([...samples[name]])
    }
  }
  return measured
}
