/** Enough of an id to tell two apart by eye. Copying gives the whole. */
export const shortId = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`)
