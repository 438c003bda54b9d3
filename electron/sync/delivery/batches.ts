/** What goes into one push (`ObjectPush`, `HandOver`), and its bytes together unless there is only one. */
export const BATCH_SIZE = 64
const BATCH_BYTES = 48 * 1024

/** All of it in order, cut so that each part respects the limits of one push. */
export function batches<T>(all: readonly T[], bytesOf: (one: T) => number): T[][] {
  const parts: T[][] = []
  let size = 0
  for (const one of all) {
    const [part, bytes] = [parts.at(-1), bytesOf(one)]
    if (part === undefined || part.length >= BATCH_SIZE || size + bytes > BATCH_BYTES) {
      parts.push([one])
      size = bytes
    } else {
      part.push(one)
      size += bytes
    }
  }
  return parts
}
