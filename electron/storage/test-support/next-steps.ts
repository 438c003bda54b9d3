import type { Migration } from '../migrations/migration.ts'
import { migrations } from '../migrations/migrations.ts'

/** What the next version of the program will do to the schema, as far as tests need to know. */
const next: Migration = {
  version: migrations.length + 1,
  up: (database) => void database.exec('ALTER TABLE messages ADD COLUMN more TEXT; CREATE TABLE newest (id INTEGER PRIMARY KEY) STRICT'),
}

export const nextSteps: readonly Migration[] = [...migrations, next]
