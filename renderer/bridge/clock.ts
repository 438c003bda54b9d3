/** The window's only source of the time of day, in milliseconds since the Unix epoch. */
export const systemNow = (): number => new Date().getTime()
