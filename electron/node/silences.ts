/** How often one who takes what is asked and does not answer is asked again. What it may have committed by then is known where it can be. */
const PATIENCE = 3

/** How often each of those who were asked did not answer. */
export class Silences {
  readonly #times = new Map<string, number>()

  /** Notes one more. Answers whether the next one has to wait for that: whoever is silent may have done what was asked. */
  note(name: string): boolean {
    const times = (this.#times.get(name) ?? 0) + 1
    this.#times.set(name, times)
    return times <= PATIENCE
  }
}
