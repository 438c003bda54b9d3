/** What people were told about what they wrote. */
export class Ledger {
  /** Text → author, of messages whose author was told that they are stored. */
  readonly accepted = new Map<string, string>()
  /** Texts whose author never heard: they may be there, but not twice. */
  readonly unanswered = new Set<string>()
  #count = 0

  /** A text that nobody wrote before. */
  next(author: string): string {
    this.#count += 1
    return `${author} writes number ${this.#count}`
  }

  /** What is wrong with a history that should hold all that was accepted, each once. */
  problems(texts: readonly string[], of = (_author: string): boolean => true): string[] {
    const counts = new Map<string, number>()
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
    const lost = [...this.accepted].filter(([text, author]) => of(author) && !counts.has(text)).map(([text]) => `lost: ${text}`)
    const twice = [...counts].filter(([, count]) => count > 1).map(([text]) => `twice: ${text}`)
    const invented = [...counts.keys()].filter((text) => !this.accepted.has(text) && !this.unanswered.has(text))
    return [...lost, ...twice, ...invented.map((text) => `invented: ${text}`)]
  }
}
