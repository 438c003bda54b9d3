/** As it is compared where one looks for a name: without case and accents. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLocaleLowerCase()

/** The words of what was typed, folded. */
export const foldedWords = (query: string): string[] => fold(query).split(/\s+/u).filter(Boolean)
