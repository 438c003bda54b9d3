import type { MlsEpochRow } from '../../../../ports/mls-epoch.ts'
import type { MlsStorage } from '../../../../ports/mls-storage.ts'
import { type Journal, Table } from '../table.ts'
import { memoryMlsExporterUses, memoryMlsProposals } from './changes.ts'
import { EpochTables } from './epoch-table.ts'
import { memoryMlsEpochs, memoryMlsFixedParts } from './epochs.ts'
import { memoryMlsKeyPackages, memoryMlsOwnKeys, memoryMlsPreSharedKeys } from './keys.ts'
import { memoryMlsMessageSecrets } from './message-secrets.ts'

export function memoryMlsStorage(journal: Journal): MlsStorage {
  const epochs = new Table<MlsEpochRow>(journal)
  const tables = new EpochTables(journal, (groupId, eid) => epochs.has(groupId, eid))
  const ownKeys = memoryMlsOwnKeys(journal, tables)
  const keyPackages = memoryMlsKeyPackages(journal)
  const dropKeys: Parameters<typeof memoryMlsEpochs>[2] = (groupId) => {
    keyPackages.deleteKeyPackagesOf(groupId)
    ownKeys.retireSignatureKeys(groupId)
  }
  return {
    ...memoryMlsEpochs(epochs, tables, dropKeys),
    ...memoryMlsFixedParts(tables),
    ...ownKeys,
    ...memoryMlsMessageSecrets(tables),
    ...keyPackages,
    ...memoryMlsPreSharedKeys(journal),
    ...memoryMlsProposals(tables),
    ...memoryMlsExporterUses(tables),
  }
}

/** Methods that write, also where they happen to change nothing. */
export const MLS_WRITES: readonly (keyof MlsStorage)[] = [
  ...(['putEpoch', 'supersedeEpoch', 'deleteEpoch', 'deleteGroup'] as const),
  ...(['putGroupContext', 'putRatchetTree', 'putKeySchedule', 'putConfirmation'] as const),
  ...(['putOwnLeaf', 'putPathKey', 'deletePathKey', 'putSignatureKey', 'deleteSignatureKey', 'retireSignatureKeys'] as const),
  ...(['putMessageSecrets', 'moveMessageSecrets'] as const),
  ...(['putKeyPackage', 'deleteKeyPackage', 'deleteKeyPackagesOf', 'putPsk', 'deletePsk'] as const),
  ...(['queueProposal', 'removeProposal', 'clearProposals', 'putPendingCommit', 'clearPendingCommit'] as const),
  'noteExport',
]
