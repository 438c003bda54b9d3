/** The versions that packages have: `1.2.3`, and `1.2.3-test.4` for a test build of it, which comes before it. */
const shape = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:-test\.([1-9]\d{0,5}))?$/

/** The numbers to compare one after the other; null for what is no version of ours. */
function numbersOf(version: string): readonly number[] | null {
  const match = shape.exec(version)
  if (match === null) return null
  const [, major, minor, patch, test] = match
  return [Number(major), Number(minor), Number(patch), test === undefined ? Infinity : Number(test)]
}

export const isVersion = (text: string): boolean => shape.test(text)

/** Below 0 if `a` is older than `b`, 0 if they are the same. Throws `TypeError` on what is no version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  if (left === null || right === null) throw new TypeError('not a version')
  for (const [i, number] of left.entries()) {
    const other = right[i] ?? 0
    if (number !== other) return number < other ? -1 : 1
  }
  return 0
}
