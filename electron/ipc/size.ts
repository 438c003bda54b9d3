/**
 * Whether a structured-cloned value is plain data within bounds: the characters of all strings and keys, every entry counted as one,
 * come to at most `maxUnits`, nested at most `MAX_DEPTH` deep. Stops counting as soon as it is too much.
 */
export function isSmallPlainData(value: unknown, maxUnits: number): boolean {
  let units = 0
  const visit = (current: unknown, depth: number): boolean => {
    units += 1
    if (typeof current === 'string') units += current.length
    if (units > maxUnits || depth > MAX_DEPTH) return false
    if (typeof current !== 'object' || current === null) return typeof current !== 'function' && typeof current !== 'bigint'
    if (Array.isArray(current)) return current.length <= maxUnits && current.every((entry) => visit(entry, depth + 1))
    if (Object.getPrototypeOf(current) !== Object.prototype) return false
    return Object.entries(current).every(([key, entry]) => visit(key, depth + 1) && visit(entry, depth + 1))
  }
  return visit(value, 0)
}

const MAX_DEPTH = 8
