import type { Migration } from './migration.ts'

/**
 * A group's epochs become a tree: each valid commit is an edge of it, whichever of several out of one epoch was followed.
 * Of a group from before there are only edges that were followed; who made them with which leaf was not noted.
 */
const TREE = `
  CREATE TABLE commits (
    object_id BLOB PRIMARY KEY,
    group_id BLOB NOT NULL,
    parent BLOB NOT NULL,
    child BLOB NOT NULL,
    author BLOB NOT NULL,
    author_leaf INTEGER NOT NULL,
    removes TEXT NOT NULL
  ) STRICT;
  CREATE INDEX commits_out_of ON commits (group_id, parent);
  CREATE INDEX commits_into ON commits (group_id, child);
  INSERT OR IGNORE INTO commits (object_id, group_id, parent, child, author, author_leaf, removes)
    SELECT o.object_id, o.group_id, o.eid, e.eid, o.sender, -1, '[]'
    FROM objects o JOIN mls_epochs e ON e.group_id = o.group_id AND e.parent = o.eid
    WHERE o.kind = 'commit' AND length(o.sender) = 16;
`

const WITNESSES = `
  CREATE TABLE witnesses (
    group_id BLOB NOT NULL,
    eid BLOB NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (group_id, eid, member_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO witnesses (group_id, eid, member_id)
    SELECT DISTINCT o.group_id, o.eid, o.sender FROM objects o JOIN mls_epochs e ON e.group_id = o.group_id AND e.eid = o.eid
    WHERE o.kind = 'message';
`

/** What people asked for, until it is certain to last. */
const INTENTS = `
  CREATE TABLE intents (
    intent_id BLOB PRIMARY KEY,
    group_id BLOB NOT NULL,
    body BLOB NOT NULL,
    object_id BLOB NOT NULL,
    failure TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX intents_of_group ON intents (group_id, created_at);
`

export const branches: Migration = {
  version: 5,
  up: (database) => {
    for (const part of [TREE, WITNESSES, INTENTS]) database.exec(part)
  },
}
