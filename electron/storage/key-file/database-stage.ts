import { AppError } from '../../kernel/errors.ts'
import { newerProfile } from '../newer-profile.ts'
import { readHeader, writePair } from './header-pair.ts'

/** `unknown`: no key file stands beside the database, so nothing is known of it. */
export type DatabaseStage = 'unknown' | 'expected' | 'made'

/** Throws `AppError('unreadable')` when neither the key file nor its copy can be read, 'newer-profile' when they are not ours to read. */
export function databaseStage(dir: string): DatabaseStage {
  const reading = readHeader(dir)
  if (reading.kind === 'absent') return 'unknown'
  if (reading.kind === 'newer') throw newerProfile()
  if (reading.kind !== 'present') throw new AppError('unreadable', 'The key file of this profile (profile.json) cannot be read.')
  return reading.header.database
}

/** From now on a missing database is a loss and not a beginning. Durable on return. */
export function markDatabaseMade(dir: string): void {
  const reading = readHeader(dir)
  if (reading.kind !== 'present' || reading.header.database === 'made') return
  writePair(dir, { ...reading.header, generation: reading.header.generation + 1, database: 'made' })
}
