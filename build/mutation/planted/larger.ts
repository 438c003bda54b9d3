/** Its test forgets a case, which shows whether mutants are noticed at all. */
export const larger = (a: number, b: number): boolean => a > b
