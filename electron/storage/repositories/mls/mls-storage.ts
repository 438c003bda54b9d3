import type { MlsStorage } from '../../../ports/mls-storage.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { epochIds } from './epoch-ids.ts'
import { createMlsEpochs } from './epochs.ts'
import { createMlsExporterUses } from './exporter-uses.ts'
import { createMlsFixedParts } from './fixed-parts.ts'
import { createMlsKeyPackages } from './key-packages.ts'
import { createMlsMessageSecrets } from './message-secrets.ts'
import { createMlsOwnKeys } from './own-keys.ts'
import { createMlsPreSharedKeys } from './pre-shared-keys.ts'
import { createMlsProposals } from './proposals.ts'

export function createMlsStorage(db: Connection): MlsStorage {
  const ids = epochIds(db)
  return {
    ...createMlsEpochs(db),
    ...createMlsFixedParts(db, ids),
    ...createMlsOwnKeys(db, ids),
    ...createMlsMessageSecrets(db, ids),
    ...createMlsKeyPackages(db),
    ...createMlsPreSharedKeys(db),
    ...createMlsProposals(db, ids),
    ...createMlsExporterUses(db, ids),
  }
}
