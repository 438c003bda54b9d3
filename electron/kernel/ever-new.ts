let last = 0

/** A number that was never given before in this process: equal ones mean the same moment. */
export const everNew = (): number => ++last
