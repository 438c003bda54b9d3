import { hkdfSync } from 'node:crypto'
import type { Redacted } from '../../kernel/redacted.ts'

/**
 * A backup from its first byte on (docs/backup-format.md); numbers are unsigned, the highest byte first:
 * magic (8), format (4), length H of the header (4), header (H), SHA-256 of all before (32), database, HMAC-SHA256 of all before (32).
 */

/** Not text in any encoding, and changed by whatever changes line ends; the idea is PNG's. */
export const MAGIC = Uint8Array.of(0x89, 0x53, 0x50, 0x42, 0x0d, 0x0a, 0x1a, 0x0a)
export const BACKUP_FORMAT = 1
/** Magic, format and the header's length. */
export const PRELUDE_BYTES = 16
/** Some 700 bytes are used; what a file asks to have read into memory must be bounded. */
export const MAX_HEADER_BYTES = 16 * 1024
export const DIGEST_BYTES = 32
export const SALT_BYTES = 16
export const KEY_CHECK_BYTES = 16

/** The name's end that tells a backup to people and to the dialogs. */
export const BACKUP_SUFFIX = '.spacepanda-backup'

const derive = (key: Redacted<Uint8Array>, salt: Uint8Array, use: string, length: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key.reveal(), salt, `spacepanda backup v${BACKUP_FORMAT} ${use}`, length))

/** Key of the HMAC at the end. */
export const macKey = (key: Redacted<Uint8Array>, salt: Uint8Array): Uint8Array => derive(key, salt, 'mac', 32)

/** Tells whether a database key is the one of this backup. Without the key it links no two backups: the salt is each one's own. */
export const keyCheck = (key: Redacted<Uint8Array>, salt: Uint8Array): Uint8Array => derive(key, salt, 'key check', KEY_CHECK_BYTES)

/** Bytes of the whole file. */
export const backupBytes = (headerBytes: number, databaseBytes: number): number =>
  PRELUDE_BYTES + headerBytes + DIGEST_BYTES + databaseBytes + DIGEST_BYTES
