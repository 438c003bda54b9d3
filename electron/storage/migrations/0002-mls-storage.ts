import { invariant } from '../../kernel/errors.ts'
import type { EpochParts, RatchetStep } from '../../ports/mls-epoch.ts'
import type { MlsConversion } from '../../ports/mls-storage.ts'
import { bytes, integer, nullable, row } from '../sqlite/columns.ts'
import { idBytes } from '../sqlite/id-bytes.ts'
import type { Migration, MigrationTarget } from './migration.ts'

/**
 * MLS state in rows instead of two blobs an epoch. All of an epoch hangs on its number, so that deleting it takes everything;
 * the large and the small are tables of their own, because SQLite rewrites whole rows.
 */
const EPOCHS = `
  CREATE TABLE mls_epochs (
    id INTEGER PRIMARY KEY,
    group_id BLOB NOT NULL,
    eid BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    parent BLOB,
    superseded_at INTEGER,
    UNIQUE (group_id, eid)
  ) STRICT;
  ${['mls_group_contexts', 'mls_ratchet_trees', 'mls_key_schedules', 'mls_confirmations']
    .map(
      (table) => `CREATE TABLE ${table} (
    epoch_id INTEGER PRIMARY KEY REFERENCES mls_epochs ON DELETE CASCADE,
    bytes BLOB NOT NULL
  ) STRICT;`,
    )
    .join('\n  ')}
`

const KEYS = `
  CREATE TABLE mls_signature_keys (
    public_key BLOB PRIMARY KEY,
    group_id BLOB NOT NULL,
    secret BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mls_own_leaves (
    epoch_id INTEGER PRIMARY KEY REFERENCES mls_epochs ON DELETE CASCADE,
    name BLOB NOT NULL,
    leaf_index INTEGER NOT NULL,
    signature_key BLOB NOT NULL REFERENCES mls_signature_keys
  ) STRICT;
  CREATE INDEX mls_leaves_of_key ON mls_own_leaves (signature_key);

  CREATE TABLE mls_path_keys (
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    node INTEGER NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (epoch_id, node)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mls_key_packages (
    reference BLOB PRIMARY KEY,
    group_id BLOB NOT NULL,
    signature_key BLOB NOT NULL,
    public_package BLOB NOT NULL,
    private_package BLOB NOT NULL
  ) STRICT;
  CREATE INDEX mls_key_packages_of_group ON mls_key_packages (group_id, reference);

  CREATE TABLE mls_psks (
    psk_id BLOB PRIMARY KEY,
    secret BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/** Ratchets are handshake 0 and application 1. */
const SECRETS = `
  CREATE TABLE mls_secret_trees (
    epoch_id INTEGER PRIMARY KEY REFERENCES mls_epochs ON DELETE CASCADE,
    name BLOB NOT NULL,
    leaf_width INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE mls_tree_secrets (
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    node INTEGER NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (epoch_id, node)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mls_ratchets (
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    leaf INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    generation INTEGER NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (epoch_id, leaf, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE mls_skipped_keys (
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    leaf INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    generation INTEGER NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (epoch_id, leaf, kind, generation)
  ) STRICT, WITHOUT ROWID;
`

const CHANGES = `
  CREATE TABLE mls_proposals (
    position INTEGER PRIMARY KEY,
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    reference BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (epoch_id, reference)
  ) STRICT;

  CREATE TABLE mls_pending_commits (
    group_id BLOB PRIMARY KEY,
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    commit_bytes BLOB NOT NULL,
    next_state BLOB NOT NULL
  ) STRICT;
  CREATE INDEX mls_pending_commits_of_epoch ON mls_pending_commits (epoch_id);

  CREATE TABLE mls_exporter_uses (
    epoch_id INTEGER NOT NULL REFERENCES mls_epochs ON DELETE CASCADE,
    label TEXT NOT NULL,
    context BLOB NOT NULL,
    PRIMARY KEY (epoch_id, label, context)
  ) STRICT, WITHOUT ROWID;
`

const decodeName = row({ groupId: bytes, eid: bytes, epoch: integer, parent: nullable(bytes), supersededAt: nullable(integer) })
const decodeBlobs = row({ fixedPart: bytes, movingPart: bytes })
const decodeJoin = row({ groupId: bytes, stored: bytes })

type Insert = (table: string, ...values: unknown[]) => void

function inserter(database: MigrationTarget): Insert {
  const prepared = new Map<string, ReturnType<MigrationTarget['prepare']>>()
  return (table, ...values) => {
    const sql = `INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    statement.run(...values)
  }
}

const kindNumber = ({ kind }: RatchetStep): number => (kind === 'handshake' ? 0 : 1)

function insertParts(insert: Insert, id: number, parts: EpochParts): void {
  insert('mls_group_contexts', id, parts.groupContext)
  insert('mls_ratchet_trees', id, parts.ratchetTree)
  insert('mls_key_schedules', id, parts.keySchedule)
  insert('mls_confirmations', id, parts.confirmation)
  const { ownLeaf, secrets } = parts
  insert('mls_own_leaves', id, ownLeaf.name, ownLeaf.leafIndex, ownLeaf.signatureKey)
  for (const { node, secret } of parts.pathKeys) insert('mls_path_keys', id, node, secret)
  insert('mls_secret_trees', id, secrets.name, secrets.leafWidth)
  for (const { node, secret } of secrets.nodes) insert('mls_tree_secrets', id, node, secret)
  for (const step of secrets.ratchets) insert('mls_ratchets', id, step.leaf, kindNumber(step), step.generation, step.secret)
  for (const step of secrets.skipped) insert('mls_skipped_keys', id, step.leaf, kindNumber(step), step.generation, step.secret)
}

/** One epoch in memory at a time: that of a large group weighs most of a megabyte, and a group may have more than a hundred. */
function convertEpochs(database: MigrationTarget, insert: Insert, conversion: () => MlsConversion): void {
  const names = database.prepare('SELECT group_id AS groupId, eid, epoch, parent, superseded_at AS supersededAt FROM epochs').all()
  const blobs = database.prepare(
    `SELECT f.bytes AS fixedPart, m.bytes AS movingPart FROM epoch_fixed_parts f JOIN epoch_moving_parts m USING (group_id, eid)
     WHERE group_id = ? AND eid = ?`,
  )
  const keep = database.prepare('INSERT INTO mls_signature_keys (public_key, group_id, secret) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  for (const [index, name] of names.map(decodeName).entries()) {
    const [found] = blobs.all(name.groupId, name.eid)
    const parts = conversion().epoch(decodeBlobs(found))
    keep.run(parts.ownLeaf.signatureKey, name.groupId, parts.signatureSecret)
    insert('mls_epochs', index + 1, name.groupId, name.eid, name.epoch, name.parent, name.supersededAt)
    insertParts(insert, index + 1, parts)
  }
}

function convertJoins(database: MigrationTarget, insert: Insert, conversion: () => MlsConversion): void {
  const joins = database.prepare('SELECT group_id AS groupId, key_packages AS stored FROM joins WHERE length(key_packages) > 0').all()
  for (const { groupId, stored } of joins.map(decodeJoin))
    for (const offered of conversion().keyPackages(stored))
      insert('mls_key_packages', idBytes(offered.reference), groupId, offered.signatureKey, offered.publicPackage, offered.privatePackage)
}

export const mlsStorage: Migration = {
  version: 2,
  up: (database, { convert }) => {
    const conversion = (): MlsConversion => {
      invariant(convert !== undefined, 'there is MLS state of schema 1 and nothing to read it with')
      return convert
    }
    for (const part of [EPOCHS, KEYS, SECRETS, CHANGES]) database.exec(part)
    const insert = inserter(database)
    convertEpochs(database, insert, conversion)
    convertJoins(database, insert, conversion)
    database.exec(
      'DROP TABLE epoch_moving_parts; DROP TABLE epoch_fixed_parts; DROP TABLE epochs; ALTER TABLE joins DROP COLUMN key_packages',
    )
  },
}
