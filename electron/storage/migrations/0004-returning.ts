import type { Migration } from './migration.ts'

/** Marks groups whose state was put back from an older copy: see docs/decisions on restoring. */
export const returning: Migration = {
  version: 4,
  up: (database) => {
    database.exec('ALTER TABLE groups ADD COLUMN is_returning INTEGER NOT NULL DEFAULT 0 CHECK (is_returning IN (0, 1))')
  },
}
