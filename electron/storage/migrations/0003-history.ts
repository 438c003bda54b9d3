import type { Migration } from './migration.ts'

export const history: Migration = {
  version: 3,
  up: () => undefined,
}
