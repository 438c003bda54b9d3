import type { Redacted } from '../../kernel/redacted.ts'
import type { Descriptor } from '../database-file/descriptor.ts'
import { peekSchema } from '../database-file/peek-schema.ts'
import type { LogState } from '../integrity/log-state.ts'
import { newerProfile } from '../newer-profile.ts'
import { APPLICATION_ID } from './migrate.ts'

interface Closed {
  file: string
  descriptor: Descriptor
  log: LogState | null
  key: Redacted<Uint8Array>
}

/** Before SQLite opens it. Throws `AppError('newer-profile')`, having changed nothing, where the schema is newer than `newest`. */
export function refuseNewer({ file, descriptor, log, key }: Closed, newest: number): void {
  const finding = log === null ? 'fine' : log.find()
  // Those are set aside and not read when it is opened.
  const isItsOwn = finding === 'fine' || finding === 'lost'
  const found = peekSchema(descriptor, isItsOwn ? `${file}-wal` : null, key)
  if (found?.application === APPLICATION_ID && found.version > newest) throw newerProfile()
}
