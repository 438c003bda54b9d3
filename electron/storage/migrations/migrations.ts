import { initialSchema } from './0001-initial-schema.ts'
import { mlsStorage } from './0002-mls-storage.ts'
import { history } from './0003-history.ts'
import { returning } from './0004-returning.ts'
import { branches } from './0005-branches.ts'
import { privateGroups } from './0006-private-groups.ts'
import { signedRecords } from './0007-signed-records.ts'
import type { Migration } from './migration.ts'

/** Every step, in order. */
export const migrations: readonly Migration[] = [initialSchema, mlsStorage, history, returning, branches, privateGroups, signedRecords]
