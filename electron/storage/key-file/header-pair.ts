import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { diskFault } from './disk-fault.ts'
import { replacePairDurably } from './durable-file.ts'
import { type Header, type HeaderReading, decodeHeader, encodeHeader } from './header.ts'
import { KEY_FILE, KEY_FILE_COPY, keyFileCopyPath, keyFilePath } from './profile-folder.ts'

/** What stands in the folder: the key file and its copy, each by itself. */
export interface HeaderPair {
  file: HeaderReading
  copy: HeaderReading
}

/** Throws `AppError('disk')` when the folder cannot be read at all. */
export const readPair = (dir: string): HeaderPair => ({ file: readOne(keyFilePath(dir)), copy: readOne(keyFileCopyPath(dir)) })

/**
 * What the folder's key file says, or its copy where the file is damaged or gone. Of two that differ the newer generation
 * counts, whichever it is: a crash may have come between the two. A copy that belongs to another key counts only where
 * there is nothing else. Once a newer program wrote either, neither is ours to read. Changes nothing.
 */
export function readHeader(dir: string): HeaderReading {
  const { file, copy } = readPair(dir)
  if (file.kind === 'newer' || copy.kind === 'newer') return { kind: 'newer' }
  if (file.kind === 'present') return copy.kind === 'present' && supersedes(copy.header, file.header) ? copy : file
  if (copy.kind === 'present') return copy
  return file.kind === 'absent' ? copy : file
}

const supersedes = (copy: Header, file: Header): boolean =>
  copy.keyId !== null && copy.keyId === file.keyId && copy.generation > file.generation

/**
 * Puts a header in the place of both, whole and durable on return. A crash leaves the old one or the new one or both, each whole.
 * Throws `AppError('disk')`: then the old one is in force as before.
 */
export const writePair = (dir: string, header: Header): void =>
  replacePairDurably(keyFilePath(dir), keyFileCopyPath(dir), encodeHeader(header))

/**
 * Makes both say `header`, if they do not, and removes what interrupted changes left. Only for who has the database open:
 * nobody else may be changing them. Answers whether there was anything to do.
 */
export function mendPair(dir: string, header: Header): boolean {
  const left = leftovers(dir)
  const wanted = Buffer.from(encodeHeader(header))
  const whole = [keyFilePath(dir), keyFileCopyPath(dir)].every((file) => readBytes(file)?.equals(wanted) === true)
  if (!whole) writePair(dir, header)
  // They hold a key as an older passphrase wrapped it.
  for (const file of left) rmSync(file, { force: true })
  return !whole || left.length > 0
}

const TEMPORARY = new RegExp(`^(?:${[KEY_FILE, KEY_FILE_COPY].map((name) => name.replaceAll('.', '\\.')).join('|')})\\.[0-9a-f]{32}\\.tmp$`)

const leftovers = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => TEMPORARY.test(name))
    .map((name) => join(dir, name))

function readOne(file: string): HeaderReading {
  try {
    return decodeHeader(readFileSync(file, 'utf8'))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
    if (code === 'ENOENT') return { kind: 'absent' }
    // A folder in its place, or a sector that cannot be read: the other one may still be.
    if (code === 'EISDIR' || code === 'EIO') return { kind: 'damaged' }
    throw diskFault(thrown)
  }
}

function readBytes(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
