import type { Migration } from './migration.ts'

/** Where a peer is, as it signed it itself. What is known from before has no signature: it is used, and passed on to nobody. */
export const signedRecords: Migration = {
  version: 7,
  up: (database) => {
    database.exec('ALTER TABLE peers ADD COLUMN seq INTEGER NOT NULL DEFAULT 0; ALTER TABLE peers ADD COLUMN record BLOB')
  },
}
