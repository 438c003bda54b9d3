import type { KeyPackageRow, MlsKeyPackages } from '../../../ports/mls-storage.ts'
import { bytes, hexId, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { idBytes } from '../../sqlite/id-bytes.ts'
import { writeOnce } from './write-once.ts'

const COLUMNS = `reference, group_id AS groupId, signature_key AS signatureKey, public_package AS publicPackage,
  private_package AS privatePackage`

const decode = row<KeyPackageRow>({
  reference: hexId,
  groupId: hexId,
  signatureKey: bytes,
  publicPackage: bytes,
  privatePackage: bytes,
})

const SQL = {
  insert: `INSERT INTO mls_key_packages (reference, group_id, signature_key, public_package, private_package)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  select: `SELECT ${COLUMNS} FROM mls_key_packages WHERE reference = ?`,
}

export function createMlsKeyPackages(db: Connection): MlsKeyPackages {
  const rows = writeOnce(db, SQL, decode, (r) => [idBytes(r.groupId), r.signatureKey, r.publicPackage, r.privatePackage])
  const ofGroup = db.prepare(`SELECT ${COLUMNS} FROM mls_key_packages WHERE group_id = ? ORDER BY reference`)
  const remove = db.prepare('DELETE FROM mls_key_packages WHERE reference = ?')
  const removeOfGroup = db.prepare('DELETE FROM mls_key_packages WHERE group_id = ?')
  const removeOfLeaf = db.prepare('DELETE FROM mls_key_packages WHERE group_id = ? AND signature_key = ?')
  return {
    putKeyPackage: (r) => rows.put([idBytes(r.reference)], r),
    keyPackage: (reference) => rows.get([idBytes(reference)]),
    keyPackagesOf: (groupId) => ofGroup.all(idBytes(groupId)).map(decode),
    deleteKeyPackage: (reference) => void remove.run(idBytes(reference)),
    deleteKeyPackagesOf: (groupId, signatureKey) =>
      signatureKey === undefined ? removeOfGroup.run(idBytes(groupId)) : removeOfLeaf.run(idBytes(groupId), signatureKey),
  }
}
