import { equalBytes } from '../../../kernel/bytes.ts'
import { invariant } from '../../../kernel/errors.ts'
import type { NodeSecret, RatchetKind, RatchetPosition, RatchetStep } from '../../../ports/mls-epoch.ts'
import type { MlsMessageSecrets } from '../../../ports/mls-storage.ts'
import { type Decoder, bytes, integer, optional, row } from '../../sqlite/columns.ts'
import type { Connection, Statement } from '../../sqlite/connection.ts'
import type { EpochIds } from './epoch-ids.ts'

/** As they are stored: in this order they are listed. */
const KINDS: readonly RatchetKind[] = ['handshake', 'application']

const kind: Decoder<RatchetKind> = (value) => {
  const found = KINDS[integer(value)]
  invariant(found !== undefined, 'a ratchet of a kind there is not')
  return found
}

const decodeTree = row({ name: bytes, leafWidth: integer })
const decodeNode = row<NodeSecret>({ node: integer, secret: bytes })
const decodeStep = row<RatchetStep>({ leaf: integer, kind, generation: integer, secret: bytes })

const STEP = 'SELECT leaf, kind, generation, secret FROM'

function prepare(db: Connection) {
  return {
    tree: db.prepare('SELECT name, leaf_width AS leafWidth FROM mls_secret_trees WHERE epoch_id = ?'),
    putTree: db.prepare('INSERT INTO mls_secret_trees (epoch_id, name, leaf_width) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
    nodes: db.prepare('SELECT node, secret FROM mls_tree_secrets WHERE epoch_id = ? ORDER BY node'),
    ratchets: db.prepare(`${STEP} mls_ratchets WHERE epoch_id = ? ORDER BY leaf, kind`),
    ratchetsOf: db.prepare(`${STEP} mls_ratchets WHERE epoch_id = ? AND leaf = ? ORDER BY kind`),
    skipped: db.prepare(`${STEP} mls_skipped_keys WHERE epoch_id = ? ORDER BY leaf, kind, generation`),
    useNode: db.prepare('DELETE FROM mls_tree_secrets WHERE epoch_id = ? AND node = ?'),
    addNode: db.prepare('INSERT INTO mls_tree_secrets (epoch_id, node, secret) VALUES (?, ?, ?)'),
    // A ratchet that does not go forward is left as it is, and so noticed.
    move: db.prepare(
      `INSERT INTO mls_ratchets (epoch_id, leaf, kind, generation, secret) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET generation = excluded.generation, secret = excluded.secret WHERE excluded.generation > generation`,
    ),
    useSkipped: db.prepare('DELETE FROM mls_skipped_keys WHERE epoch_id = ? AND leaf = ? AND kind = ? AND generation = ?'),
    addSkipped: db.prepare('INSERT INTO mls_skipped_keys (epoch_id, leaf, kind, generation, secret) VALUES (?, ?, ?, ?, ?)'),
  }
}

const place = ({ leaf, kind: which, generation }: RatchetPosition): [number, number, number] => [leaf, KINDS.indexOf(which), generation]

export function createMlsMessageSecrets(db: Connection, ids: EpochIds): MlsMessageSecrets {
  const sql = prepare(db)
  const putNode = (id: number, { node, secret }: NodeSecret): number => sql.addNode.run(id, node, secret)
  const putStep = (into: Statement, id: number, step: RatchetStep): number => into.run(id, ...place(step), step.secret)
  return {
    putMessageSecrets: (groupId, eid, secrets) => {
      const id = ids.need(groupId, eid)
      invariant(sql.putTree.run(id, secrets.name, secrets.leafWidth) === 1, 'message secrets in place of those that were moved')
      for (const node of secrets.nodes) putNode(id, node)
      for (const step of secrets.ratchets) putStep(sql.move, id, step)
      for (const step of secrets.skipped) putStep(sql.addSkipped, id, step)
    },
    messageSecrets: (groupId, eid) => {
      const id = ids.find(groupId, eid)
      const tree = optional(decodeTree, sql.tree.get(id))
      if (tree === null) return null
      return {
        ...tree,
        nodes: sql.nodes.all(id).map(decodeNode),
        ratchets: sql.ratchets.all(id).map(decodeStep),
        skipped: sql.skipped.all(id).map(decodeStep),
      }
    },
    moveMessageSecrets: (groupId, eid, { name, nodes, ratchets, skipped }) => {
      const id = ids.need(groupId, eid)
      const tree = optional(decodeTree, sql.tree.get(id))
      invariant(tree !== null && equalBytes(tree.name, name), 'message secrets of another epoch')
      for (const node of nodes.used) invariant(sql.useNode.run(id, node) === 1, 'a secret used twice')
      for (const node of nodes.added) putNode(id, node)
      for (const step of skipped.used) invariant(sql.useSkipped.run(id, ...place(step)) === 1, 'a key used twice')
      for (const step of skipped.added) putStep(sql.addSkipped, id, step)
      for (const step of ratchets) invariant(putStep(sql.move, id, step) === 1, 'a ratchet goes forward only')
    },
    ratchets: (groupId, eid, leaf) => sql.ratchetsOf.all(ids.find(groupId, eid), leaf).map(decodeStep),
  }
}
