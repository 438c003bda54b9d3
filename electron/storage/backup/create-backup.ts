import { createHmac } from 'node:crypto'
import type { Random } from '../../kernel/random.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import type { Work } from '../../kernel/work.ts'
import type { DatabaseFile } from '../database-file/database-file.ts'
import type { Counts } from './counts.ts'
import { encodeBackupHeader } from './header.ts'
import { SALT_BYTES, keyCheck, macKey } from './layout.ts'
import { NewFile } from './new-file.ts'
import { phases } from './phases.ts'
import type { PortableWrap } from './portable-wraps.ts'
import { type BackupSummary, verifyBackup } from './verify-backup.ts'

export interface BackupSource {
  /** Of the open profile. */
  store: { readonly file: DatabaseFile; counts(): Counts }
  key: Redacted<Uint8Array>
  /** What opens the backup; see `wrapsOfBackup`. */
  wraps: PortableWrap[]
  createdAt: number
  random: Random
}

export interface BackupTarget {
  /** An absolute path. */
  file: string
  /** Take the place of a file of that name; else a file that is there is left as it is. */
  replace: boolean
  /** A folder with room for the database, for the time of the verification. */
  scratch: string
  /** Whether to look at the structure too, see `Inspection`; pages are authenticated while they are read in any case. */
  structure: boolean
}

/**
 * Writes one encrypted file, reads it back and opens what is in it; only then it gets its name. Memory does not grow with the profile.
 * Throws `AppError`: 'conflict' (the name is taken, or too much is written meanwhile), 'disk', 'not-found' (no such folder), 'invalid'
 * (the name), 'cancelled', 'stopping' (the profile was closed). Whatever happens, no temporary file stays.
 */
export async function createBackup(
  source: BackupSource,
  { file, replace, scratch, structure }: BackupTarget,
  work: Work,
): Promise<BackupSummary> {
  const target = await NewFile.create(file, { replace })
  try {
    const size = source.store.file.size()
    const [writing = work, verifying = work] = phases(work, [size, 2 * size])
    await write(source, target, writing)
    await target.finish()
    const summary = await verifyBackup(target.temporary, { kind: 'key', key: source.key }, scratch, verifying, { structure })
    await target.place({ replace })
    return summary
  } finally {
    await target.discard()
  }
}

const write = ({ store, key, wraps, createdAt, random }: BackupSource, target: NewFile, work: Work): Promise<void> =>
  store.file.holdStill(async (still) => {
    // At once: what is counted is what the file holds while it is still, as long as nothing was waited for.
    const database = { bytes: still.size, ...store.counts() }
    const salt = random.bytes(SALT_BYTES)
    const mac = createHmac('sha256', macKey(key, salt))
    const put = async (bytes: Uint8Array): Promise<void> => {
      mac.update(bytes)
      await target.write(bytes)
    }
    await put(encodeBackupHeader({ createdAt, database, salt, keyCheck: keyCheck(key, salt), wraps }))
    for await (const chunk of still.chunks(work)) await put(chunk)
    await target.write(mac.digest())
  })
