import type { NodeSecret, OwnLeaf } from '../../../ports/mls-epoch.ts'
import type { MlsOwnKeys, SignatureKeyRow } from '../../../ports/mls-storage.ts'
import { bytes, hexId, integer, row } from '../../sqlite/columns.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { idBytes } from '../../sqlite/id-bytes.ts'
import type { EpochIds } from './epoch-ids.ts'
import { writeOnce } from './write-once.ts'

const decodeLeaf = row<OwnLeaf>({ name: bytes, leafIndex: integer, signatureKey: bytes })
const decodeSecret = row<{ secret: Uint8Array }>({ secret: bytes })
const decodeNode = row<NodeSecret>({ node: integer, secret: bytes })
const decodeSignatureKey = row<SignatureKeyRow>({ groupId: hexId, publicKey: bytes, secret: bytes })

const LEAF = {
  insert: 'INSERT INTO mls_own_leaves (epoch_id, name, leaf_index, signature_key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  select: 'SELECT name, leaf_index AS leafIndex, signature_key AS signatureKey FROM mls_own_leaves WHERE epoch_id = ?',
}
const PATH_KEY = {
  insert: 'INSERT INTO mls_path_keys (epoch_id, node, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  select: 'SELECT secret FROM mls_path_keys WHERE epoch_id = ? AND node = ?',
}
const SIGNATURE_KEY = {
  insert: 'INSERT INTO mls_signature_keys (public_key, group_id, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  select: 'SELECT group_id AS groupId, public_key AS publicKey, secret FROM mls_signature_keys WHERE public_key = ?',
}

export function createMlsOwnKeys(db: Connection, ids: EpochIds): MlsOwnKeys {
  const leaves = writeOnce(db, LEAF, decodeLeaf, (leaf) => [leaf.name, leaf.leafIndex, leaf.signatureKey])
  const pathKeys = writeOnce(db, PATH_KEY, decodeSecret, (key) => [key.secret])
  const pathKeysOf = db.prepare('SELECT node, secret FROM mls_path_keys WHERE epoch_id = ? ORDER BY node')
  const removePathKey = db.prepare('DELETE FROM mls_path_keys WHERE epoch_id = ? AND node = ?')
  const signatureKeys = writeOnce(db, SIGNATURE_KEY, decodeSignatureKey, (key) => [idBytes(key.groupId), key.secret])
  const removeSignatureKey = db.prepare('DELETE FROM mls_signature_keys WHERE public_key = ?')
  const retire = db.prepare(
    `DELETE FROM mls_signature_keys WHERE group_id = ?
       AND NOT EXISTS (SELECT 1 FROM mls_own_leaves WHERE signature_key = mls_signature_keys.public_key)`,
  )
  return {
    putOwnLeaf: (groupId, eid, leaf) => leaves.put([ids.need(groupId, eid)], leaf),
    ownLeaf: (groupId, eid) => {
      const id = ids.find(groupId, eid)
      return id === null ? null : leaves.get([id])
    },
    putPathKey: (groupId, eid, key) => pathKeys.put([ids.need(groupId, eid), key.node], key),
    pathKey: (groupId, eid, node) => {
      const id = ids.find(groupId, eid)
      return id === null ? null : (pathKeys.get([id, node])?.secret ?? null)
    },
    pathKeys: (groupId, eid) => pathKeysOf.all(ids.find(groupId, eid)).map(decodeNode),
    deletePathKey: (groupId, eid, node) => void removePathKey.run(ids.find(groupId, eid), node),
    putSignatureKey: (key) => signatureKeys.put([key.publicKey], key),
    signatureKey: (publicKey) => signatureKeys.get([publicKey]),
    deleteSignatureKey: (publicKey) => void removeSignatureKey.run(publicKey),
    retireSignatureKeys: (groupId) => retire.run(idBytes(groupId)),
  }
}
