import type { Eid, GroupId } from '../../../../../shared/domain/ids.ts'
import { equalBytes, toHex } from '../../../../kernel/bytes.ts'
import { invariant } from '../../../../kernel/errors.ts'
import type { NodeSecret, OwnLeaf } from '../../../../ports/mls-epoch.ts'
import type { KeyPackageRow, MlsKeyPackages, MlsOwnKeys, MlsPreSharedKeys, SignatureKeyRow } from '../../../../ports/mls-storage.ts'
import { type Journal, Table, by } from '../table.ts'
import { type EpochTables, assertSame } from './epoch-table.ts'

type Of<T> = T & { groupId: GroupId; eid: Eid }

function putOnce<Row extends object>(rows: Table<Row>, row: Row, key: string): void {
  const stored = rows.get(key)
  if (stored === null) rows.set(row, key)
  else assertSame(stored, row)
}

export function memoryMlsOwnKeys(journal: Journal, tables: EpochTables): MlsOwnKeys {
  const leaves = tables.table<Of<OwnLeaf>>(() => [])
  const pathKeys = tables.table<Of<NodeSecret>>((r) => [String(r.node)])
  const signatureKeys = new Table<SignatureKeyRow>(journal)
  const isUsed = (key: Uint8Array): boolean => leaves.some((r) => equalBytes(r.signatureKey, key))
  return {
    putOwnLeaf: (groupId, eid, leaf) => {
      invariant(signatureKeys.has(toHex(leaf.signatureKey)), 'a leaf without its signature key')
      leaves.putOnce({ groupId, eid, name: leaf.name, leafIndex: leaf.leafIndex, signatureKey: leaf.signatureKey })
    },
    ownLeaf: (groupId, eid) => {
      const row = leaves.get(groupId, eid)
      return row && { name: row.name, leafIndex: row.leafIndex, signatureKey: row.signatureKey }
    },
    putPathKey: (groupId, eid, { node, secret }) => pathKeys.putOnce({ groupId, eid, node, secret }),
    pathKey: (groupId, eid, node) => pathKeys.get(groupId, eid, String(node))?.secret ?? null,
    pathKeys: (groupId, eid) =>
      pathKeys
        .of(groupId, eid)
        .sort(by((r) => r.node))
        .map(({ node, secret }) => ({ node, secret })),
    deletePathKey: (groupId, eid, node) => void pathKeys.remove(groupId, eid, String(node)),
    putSignatureKey: (row) => putOnce(signatureKeys, row, toHex(row.publicKey)),
    signatureKey: (publicKey) => signatureKeys.get(toHex(publicKey)),
    deleteSignatureKey: (publicKey) => {
      invariant(!isUsed(publicKey), 'a leaf uses this signature key')
      signatureKeys.delete(toHex(publicKey))
    },
    retireSignatureKeys: (groupId) => {
      const unused = signatureKeys.where((r) => r.groupId === groupId && !isUsed(r.publicKey))
      for (const { publicKey } of unused) signatureKeys.delete(toHex(publicKey))
      return unused.length
    },
  }
}

export function memoryMlsKeyPackages(journal: Journal): MlsKeyPackages {
  const rows = new Table<KeyPackageRow>(journal)
  return {
    putKeyPackage: (row) => putOnce(rows, row, row.reference),
    keyPackage: (reference) => rows.get(reference),
    keyPackagesOf: (groupId) => rows.where((r) => r.groupId === groupId).sort(by((r) => r.reference)),
    deleteKeyPackage: (reference) => rows.delete(reference),
    deleteKeyPackagesOf: (groupId, signatureKey) => {
      const found = rows.where((r) => r.groupId === groupId && (signatureKey === undefined || equalBytes(r.signatureKey, signatureKey)))
      for (const { reference } of found) rows.delete(reference)
      return found.length
    },
  }
}

export function memoryMlsPreSharedKeys(journal: Journal): MlsPreSharedKeys {
  const rows = new Table<{ secret: Uint8Array }>(journal)
  return {
    putPsk: (id, secret) => putOnce(rows, { secret }, toHex(id)),
    psk: (id) => rows.get(toHex(id))?.secret ?? null,
    deletePsk: (id) => rows.delete(toHex(id)),
  }
}
