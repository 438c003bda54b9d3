import type { Migration } from './migration.ts'

export const mlsStorage: Migration = {
  version: 2,
  up: () => undefined,
}
