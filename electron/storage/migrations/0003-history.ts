import type { Migration } from './migration.ts'

/**
 * The full-text index keeps no text of its own, only where each word occurs, and no trace of what is deleted from it.
 * Its rows have the ids of the messages. Messages that are here before it are put into it later, in the background (`search_state`):
 * a start must not wait for a long history. `place` holds a word for the channel and one for the group.
 * Categories: vowel signs of Indian scripts belong to their words.
 */
const SEARCH = `
  CREATE VIRTUAL TABLE message_search USING fts5 (
    text, names, place, content = '', prefix = '2',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
  );
  INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);

  CREATE TABLE search_state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rules INTEGER NOT NULL,
    indexed_from INTEGER NOT NULL
  ) STRICT;
  INSERT INTO search_state (only, rules, indexed_from) VALUES (1, 1, 1 << 40);

  ALTER TABLE messages ADD COLUMN file_names TEXT NOT NULL DEFAULT '[]';
`

/** What was deleted here must not come back: single messages by name, the rest of a channel by the time up to which it was swept. */
const DELETED = `
  CREATE TABLE deleted_messages (
    message_id BLOB NOT NULL,
    author BLOB NOT NULL,
    PRIMARY KEY (message_id, author)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE channel_keeping (
    channel_id BLOB PRIMARY KEY,
    days INTEGER NOT NULL,
    swept_before INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/**
 * One row for each message that is owed to anybody takes the place of an index with one entry for each member it is owed to:
 * those lay a page apart each, so that a message to a hundred absent members wrote a hundred pages.
 */
const OUTBOX = `
  CREATE TABLE owed_objects (
    group_id BLOB NOT NULL,
    position INTEGER NOT NULL REFERENCES objects,
    members INTEGER NOT NULL,
    PRIMARY KEY (group_id, position)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO owed_objects (group_id, position, members)
    SELECT d.group_id, d.position, count(*) FROM deliveries d JOIN objects o USING (position)
    WHERE d.acked_at IS NULL AND o.bytes IS NOT NULL GROUP BY d.group_id, d.position;
  DROP INDEX deliveries_owed;
`

export const history: Migration = {
  version: 3,
  up: (database) => {
    for (const part of [SEARCH, DELETED, OUTBOX]) database.exec(part)
  },
}
