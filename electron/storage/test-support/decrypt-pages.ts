import { createDecipheriv } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { Redacted } from '../../kernel/redacted.ts'
import { MAC_BYTES, PAGE_BYTES, RESERVED_BYTES, SALT_BYTES, pageIsAuthentic, pageMacKey } from '../database-file/page-format.ts'

/** One page as SQLite sees it, wherever on the disk it lies: free pages and frames of the log that were overtaken too. */
export interface ClearPage {
  where: 'database' | 'log'
  number: number
  content: Uint8Array
  authentic: boolean
}

const WAL_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

/**
 * Every page of a database and of its log, decrypted without SQLite, to look for what must be nowhere.
 * Not while the database is open in this process: reading it drops its lock.
 */
export function decryptPages(file: string, key: Redacted<Uint8Array>): ClearPage[] {
  const database = readFileSync(file)
  const open = opener(key.reveal(), database.subarray(0, SALT_BYTES))
  const pages: ClearPage[] = []
  for (let at = 0, number = 1; at + PAGE_BYTES <= database.length; at += PAGE_BYTES, number++) {
    pages.push({ where: 'database', ...open(database.subarray(at, at + PAGE_BYTES), number) })
  }
  const log = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : Buffer.alloc(0)
  const frame = FRAME_HEADER_BYTES + PAGE_BYTES
  for (let at = WAL_HEADER_BYTES; at + frame <= log.length; at += frame) {
    pages.push({ where: 'log', ...open(log.subarray(at + FRAME_HEADER_BYTES, at + frame), log.readUInt32BE(at)) })
  }
  return pages
}

/** Where the bytes are found in clear, as "database 3"; nowhere is what a test asks for. */
export const pagesHolding = (pages: readonly ClearPage[], needle: Uint8Array): string[] =>
  pages.filter(({ content }) => Buffer.from(content).includes(Buffer.from(needle))).map(({ where, number }) => `${where} ${number}`)

function opener(key: Uint8Array, salt: Uint8Array) {
  const macKey = pageMacKey(key, salt)
  return (page: Uint8Array, number: number): Omit<ClearPage, 'where'> => {
    const from = number === 1 ? SALT_BYTES : 0
    const to = PAGE_BYTES - RESERVED_BYTES
    const decipher = createDecipheriv('aes-256-cbc', key, page.subarray(to, PAGE_BYTES - MAC_BYTES)).setAutoPadding(false)
    const content = new Uint8Array(Buffer.concat([decipher.update(page.subarray(from, to)), decipher.final()]))
    return { number, content, authentic: pageIsAuthentic(page, number, macKey) }
  }
}
