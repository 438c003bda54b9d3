/** As it is compared where one looks for a name: without case and accents. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLocaleLowerCase()

/** Its words alone: what stands between and around them, such as the marks of writing from right to left, begins nothing. */
const bare = (folded: string): string => folded.replace(/[^\p{Letter}\p{Number}]+/gu, ' ').trim()

/**
 * Those whose name holds all words typed, or their name and `where` together. First those whose name begins with what was typed, then those
 * with words that begin with it, then the rest; alike ones stay in their order.
 */
export function findByName<T>(all: readonly T[], query: string, nameOf: (one: T) => string, where: (one: T) => string = () => ''): T[] {
  const typed = fold(query).split(/\s+/u).filter(Boolean)
  const found = all.filter((one) => typed.every((word) => fold(`${nameOf(one)} ${where(one)}`).includes(word)))
  return found
    .map((one) => ({ one, begun: wordsBegun(bare(fold(nameOf(one))), typed.map(bare)) }))
    .sort((a, b) => b.begun - a.begun)
    .map(({ one }) => one)
}

/** How many of the words typed begin one in the name; more than all where the name itself begins with them. */
const wordsBegun = (name: string, typed: readonly string[]): number =>
  name.startsWith(typed.join(' ')) ? typed.length + 1 : typed.filter((word) => ` ${name}`.includes(` ${word}`)).length
