import type { Migration } from './migration.ts'

/** Private channels and direct messages are groups of their own, under a space. All groups from before are spaces. */
const UNDER = `
  ALTER TABLE spaces ADD COLUMN kind TEXT NOT NULL DEFAULT 'space';
  ALTER TABLE spaces ADD COLUMN parent BLOB;
  CREATE INDEX spaces_under ON spaces (parent, created_at) WHERE parent IS NOT NULL;
`

export const privateGroups: Migration = {
  version: 6,
  up: (database) => database.exec(UNDER),
}
