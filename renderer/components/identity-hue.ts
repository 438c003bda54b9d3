/**
 * A hue in degrees (0 to 359) for an id of hexadecimal digits. Ids are hashes or random, so their
 * first two bytes spread evenly; anything else is folded into a number first.
 */
export function identityHue(id: string): number {
  return identityBits(id)(0, 16) % 360
}

/** Reads up to 16 bits at a time from an id, by bit offset. The same id always gives the same bits. */
export function identityBits(id: string): (offset: number, count: number) => number {
  const bytes = bytesOf(id)
  return (offset, count) => {
    let value = 0
    for (let bit = offset; bit < offset + count; bit += 1) {
      const byte = bytes[(bit >> 3) % bytes.length] ?? 0
      value = value * 2 + ((byte >> (7 - (bit & 7))) & 1)
    }
    return value
  }
}

function bytesOf(id: string): number[] {
  if (/^(?:[0-9a-f]{2}){4,}$/.test(id)) return (id.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  let state = 0x811c9dc5
  return Array.from({ length: 16 }, (_, round) => {
    for (const character of `${round}${id}`) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
    return (state >>> 13) & 0xff
  })
}
