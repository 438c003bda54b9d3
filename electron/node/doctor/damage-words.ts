import type { DamageKind } from '../../storage/integrity/damage-note.ts'

/** For a person, about what was found damaged while the profile was opened or used. */
export const damageWords: Record<DamageKind, string> = {
  page: 'A part of the database is damaged. Let SpacePanda check and repair it: doctor --repair, or Settings, Data & backup.',
  record: 'A stored record makes no sense. Let SpacePanda check and repair it: doctor --repair, or Settings, Data & backup.',
  log: 'The newest part of the database was missing when the profile was opened.',
  'log-handled':
    'The newest part of the database (profile.db-wal) was missing when the profile was opened. What was written last comes back from the others; until one of them let this device in with fresh keys it can read and not write.',
  'set-back': 'The database is not the one that was last open here.',
  'set-back-handled':
    'The database is not the one that was last open here: an older copy was put in its place. What was written since comes back from the others; until one of them let this device in with fresh keys it can read and not write.',
  'foreign-log': 'A log of another moment lay beside the database. It was set aside, and nothing of it was used.',
}
