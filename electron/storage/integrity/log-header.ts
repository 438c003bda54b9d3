import { closeSync, openSync, readSync } from 'node:fs'

/** https://www.sqlite.org/fileformat2.html#walformat */
const HEADER_BYTES = 32
const CHECKED_BYTES = 24
const MAGIC_LITTLE = 0x377f0682
const MAGIC_BIG = 0x377f0683

/**
 * Whether a log begins as SQLite wrote it. SQLite takes one that does not for empty and deletes it, with everything that was only there.
 * An empty one is whole. The log is not encrypted in this part.
 */
export function isLogWhole(wal: string): boolean {
  const header = readHeader(wal)
  if (header.length === 0) return true
  if (header.length < HEADER_BYTES) return false
  const magic = header.readUInt32BE(0)
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return false
  const word = (at: number): number => (magic === MAGIC_LITTLE ? header.readUInt32LE(at) : header.readUInt32BE(at))
  let [first, second] = [0, 0]
  for (let at = 0; at < CHECKED_BYTES; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  return header.readUInt32BE(CHECKED_BYTES) === first && header.readUInt32BE(CHECKED_BYTES + 4) === second
}

/** SQLite's locks are on the database and not on its log, so this one may be opened and closed. */
function readHeader(wal: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  let descriptor: number
  try {
    descriptor = openSync(wal, 'r')
  } catch {
    return header.subarray(0, 0)
  }
  try {
    return header.subarray(0, readSync(descriptor, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(descriptor)
  }
}
