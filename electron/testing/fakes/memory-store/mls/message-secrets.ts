import type { Eid, GroupId } from '../../../../../shared/domain/ids.ts'
import { equalBytes } from '../../../../kernel/bytes.ts'
import { invariant } from '../../../../kernel/errors.ts'
import type { NodeSecret, RatchetPosition, RatchetStep } from '../../../../ports/mls-epoch.ts'
import type { MlsMessageSecrets } from '../../../../ports/mls-storage.ts'
import { by } from '../table.ts'
import type { EpochTables } from './epoch-table.ts'

type Of<T> = T & { groupId: GroupId; eid: Eid }

const ratchetKey = (r: Pick<RatchetPosition, 'leaf' | 'kind'>): string[] => [String(r.leaf), r.kind]
const skippedKey = (r: RatchetPosition): string[] => [...ratchetKey(r), String(r.generation)]

const inOrder = by<RatchetPosition>(
  (r) => r.leaf,
  (r) => (r.kind === 'handshake' ? 0 : 1),
  (r) => r.generation,
)
const steps = (rows: Of<RatchetStep>[]): RatchetStep[] =>
  rows.sort(inOrder).map(({ leaf, kind, generation, secret }) => ({ leaf, kind, generation, secret }))

export function memoryMlsMessageSecrets(tables: EpochTables): MlsMessageSecrets {
  const trees = tables.table<Of<{ name: Uint8Array; leafWidth: number }>>(() => [])
  const nodes = tables.table<Of<NodeSecret>>((r) => [String(r.node)])
  const ratchets = tables.table<Of<RatchetStep>>(ratchetKey)
  const skipped = tables.table<Of<RatchetStep>>(skippedKey)
  const move = (row: Of<RatchetStep>): void => {
    const stored = ratchets.get(row.groupId, row.eid, ...ratchetKey(row))
    invariant(stored === null || row.generation > stored.generation, 'a ratchet goes forward only')
    ratchets.set(row)
  }
  return {
    putMessageSecrets: (groupId, eid, secrets) => {
      const of = { groupId, eid }
      const isNew = trees.add({ ...of, name: secrets.name, leafWidth: secrets.leafWidth })
      invariant(isNew, 'message secrets in place of those that were moved')
      for (const node of secrets.nodes) invariant(nodes.add({ ...of, ...node }), 'a node twice')
      for (const step of secrets.ratchets) move({ ...of, ...step })
      for (const step of secrets.skipped) invariant(skipped.add({ ...of, ...step }), 'a key twice')
    },
    messageSecrets: (groupId, eid) => {
      const tree = trees.get(groupId, eid)
      if (tree === null) return null
      return {
        name: tree.name,
        leafWidth: tree.leafWidth,
        nodes: nodes
          .of(groupId, eid)
          .sort(by((r) => r.node))
          .map(({ node, secret }) => ({ node, secret })),
        ratchets: steps(ratchets.of(groupId, eid)),
        skipped: steps(skipped.of(groupId, eid)),
      }
    },
    moveMessageSecrets: (groupId, eid, moved) => {
      const of = { groupId, eid }
      tables.need(groupId, eid)
      const tree = trees.get(groupId, eid)
      invariant(tree !== null && equalBytes(tree.name, moved.name), 'message secrets of another epoch')
      for (const node of moved.nodes.used) invariant(nodes.remove(groupId, eid, String(node)), 'a secret used twice')
      for (const node of moved.nodes.added) invariant(nodes.add({ ...of, ...node }), 'a node twice')
      for (const step of moved.skipped.used) invariant(skipped.remove(groupId, eid, ...skippedKey(step)), 'a key used twice')
      for (const step of moved.skipped.added) invariant(skipped.add({ ...of, ...step }), 'a key twice')
      for (const step of moved.ratchets) move({ ...of, ...step })
    },
    ratchets: (groupId, eid, leaf) => steps(ratchets.of(groupId, eid).filter((r) => r.leaf === leaf)),
  }
}
