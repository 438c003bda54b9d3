import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { utf8 } from '../../kernel/bytes.ts'
import { replaceDurably, syncFolder } from '../key-file/durable-file.ts'

/**
 * `page`: the cipher or SQLite refused one. `record`: a row that makes no sense. `log`: the log was gone when the profile was opened;
 * `log-handled`: and its groups were marked as put back from an older copy. `foreign-log`: one of another moment was set aside.
 * `set-back`, `set-back-handled`: the same of a database that is not the one that was last open here.
 */
const kinds = ['page', 'record', 'log', 'log-handled', 'foreign-log', 'set-back', 'set-back-handled'] as const
export type DamageKind = (typeof kinds)[number]

/** Beside the database and not in it: what is damaged cannot be trusted to keep the news of it. */
const NOTE_FILE = 'damage.json'

const note = z.strictObject({ kinds: z.array(z.enum(kinds)) })

const noteFile = (dir: string): string => join(dir, NOTE_FILE)

/** What a note may have said that would go on: a loss that is forgotten lets keys be used that were used already. */
const ANYTHING = ['page', 'record', 'log', 'foreign-log', 'set-back'] as const satisfies readonly DamageKind[]

/** What was found damaged in a profile's database and not repaired since. A note that cannot be read counts as all that it may have said. */
export function readDamage(dir: string): DamageKind[] {
  try {
    return note.parse(JSON.parse(readFileSync(noteFile(dir), 'utf8'))).kinds
  } catch (thrown) {
    const isNone = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    return isNone ? [] : [...ANYTHING]
  }
}

/** Durable on return. Where not even that can be written, the damage will be found again. */
export function noteDamage(dir: string, kind: DamageKind): void {
  try {
    noteForCertain(dir, kind)
  } catch {
    return
  }
}

/** For what nobody could find again. Durable on return. Throws `AppError('disk')`. */
export function noteForCertain(dir: string, kind: DamageKind): void {
  const known = readDamage(dir)
  if (!known.includes(kind)) replaceDurably(noteFile(dir), utf8(JSON.stringify({ kinds: [...known, kind] })))
}

/** For what proved to be no damage, or was dealt with. */
export function removeDamage(dir: string, kind: DamageKind, instead: DamageKind[] = []): void {
  const left = [...new Set([...readDamage(dir).filter((one) => one !== kind), ...instead])]
  if (left.length === 0) forgetDamage(dir)
  else replaceDurably(noteFile(dir), utf8(JSON.stringify({ kinds: left })))
}

/** To be called when everything was checked and is whole. */
export function forgetDamage(dir: string): void {
  rmSync(noteFile(dir), { force: true })
  syncFolder(dir)
}
