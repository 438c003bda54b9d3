import { createDecipheriv } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Redacted } from '../../kernel/redacted.ts'
import type { Descriptor } from './descriptor.ts'
import { IV_BYTES, PAGE_BYTES, RESERVED_BYTES, SALT_BYTES, pageIsAuthentic, pageMacKey } from './page-format.ts'

/** https://www.sqlite.org/fileformat2.html#the_database_header: both lie in the first blocks of the cipher. */
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68
const HEADER_END = 80

/** https://www.sqlite.org/fileformat2.html#walformat */
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES
const FRAMES_A_READ = 64
const MAGIC_LITTLE = 0x377f0682
const MAGIC_BIG = 0x377f0683

export interface SchemaMarks {
  application: number
  version: number
}

/**
 * What the next opening will find the schema to be, without SQLite, which moves the log into the database when it closes: a profile that
 * is not ours to open is not changed at all. `wal`: null where the log is not this database's. Changes nothing.
 * Null where it cannot be told: an empty database, another key, damage.
 */
export function peekSchema(descriptor: Descriptor, wal: string | null, key: Redacted<Uint8Array>): SchemaMarks | null {
  const stored = descriptor.read(0, PAGE_BYTES)
  const page = (wal === null ? null : firstPageInLog(wal)) ?? stored
  if (page.length < PAGE_BYTES) return null
  const secret = key.reveal()
  const macKey = pageMacKey(secret, page.subarray(0, SALT_BYTES))
  try {
    if (!pageIsAuthentic(page, 1, macKey)) return null
  } finally {
    macKey.fill(0)
  }
  const ivAt = PAGE_BYTES - RESERVED_BYTES
  const decipher = createDecipheriv('aes-256-cbc', secret, page.subarray(ivAt, ivAt + IV_BYTES)).setAutoPadding(false)
  const header = decipher.update(page.subarray(SALT_BYTES, HEADER_END))
  const word = (at: number): number => header.readUInt32BE(at - SALT_BYTES)
  return { application: word(APPLICATION_ID_AT), version: word(USER_VERSION_AT) }
}

/** The newest first page that was committed to a log; null where there is none. As SQLite reads it: up to the first frame that is not whole. */
function firstPageInLog(wal: string): Uint8Array | null {
  const log = openLog(wal)
  if (log === null) return null
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES)
    if (readSync(log, header, 0, LOG_HEADER_BYTES, 0) < LOG_HEADER_BYTES) return null
    const magic = header.readUInt32BE(0)
    if ((magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) || header.readUInt32BE(8) !== PAGE_BYTES) return null
    const sum = new RunningSum(magic === MAGIC_LITTLE)
    if (!sum.add(header.subarray(0, 24)).is(header, 24)) return null
    return newestCommitted(log, header.subarray(16, 24), sum)
  } finally {
    closeSync(log)
  }
}

function newestCommitted(log: number, salts: Buffer, sum: RunningSum): Uint8Array | null {
  let written: Uint8Array | null = null
  let committed: Uint8Array | null = null
  const chunk = Buffer.alloc(FRAMES_A_READ * FRAME_BYTES)
  for (let at = LOG_HEADER_BYTES; ; at += chunk.length) {
    const length = readSync(log, chunk, 0, chunk.length, at)
    for (let from = 0; from + FRAME_BYTES <= length; from += FRAME_BYTES) {
      const frame = chunk.subarray(from, from + FRAME_BYTES)
      if (!frame.subarray(8, 16).equals(salts)) return committed
      sum.add(frame.subarray(0, 8)).add(frame.subarray(FRAME_HEADER_BYTES))
      if (!sum.is(frame, 16)) return committed
      if (frame.readUInt32BE(0) === 1) written = Uint8Array.from(frame.subarray(FRAME_HEADER_BYTES))
      // The size of the database after it: only the last frame of a transaction says one.
      if (frame.readUInt32BE(4) > 0) committed = written
    }
    if (length < chunk.length) return committed
  }
}

/** SQLite's locks are on the database and not on its log, so this one may be opened and closed. */
function openLog(wal: string): number | null {
  try {
    return openSync(wal, 'r')
  } catch {
    return null // there is none, or SQLite will say why not
  }
}

/** The sum over all of a log up to a frame. */
class RunningSum {
  readonly #little: boolean
  #first = 0
  #second = 0

  constructor(little: boolean) {
    this.#little = little
  }

  add(bytes: Buffer): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let [first, second] = [this.#first, this.#second]
    for (let at = 0; at < bytes.length; at += 8) {
      first = (first + view.getUint32(at, this.#little) + second) | 0
      second = (second + view.getUint32(at + 4, this.#little) + first) | 0
    }
    this.#first = first
    this.#second = second
    return this
  }

  is(bytes: Buffer, at: number): boolean {
    return bytes.readInt32BE(at) === this.#first && bytes.readInt32BE(at + 4) === this.#second
  }
}
