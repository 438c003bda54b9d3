import type { Migration } from './migration.ts'

/**
 * Ids are kept as bytes, half as long as their text: they are most of what an index holds.
 * The parts of an epoch are tables of their own: SQLite rewrites whole rows. */
const GROUPS = `
  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT;

  CREATE TABLE identities (
    group_id BLOB PRIMARY KEY,
    encoded BLOB NOT NULL
  ) STRICT;

  CREATE TABLE groups (
    group_id BLOB PRIMARY KEY,
    tip BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    joined_epoch INTEGER NOT NULL,
    self_member_id BLOB NOT NULL,
    sent_seq INTEGER NOT NULL,
    sent_object BLOB,
    split INTEGER NOT NULL CHECK (split IN (0, 1)),
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE epochs (
    group_id BLOB NOT NULL,
    eid BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    parent BLOB,
    superseded_at INTEGER,
    PRIMARY KEY (group_id, eid)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE epoch_fixed_parts (
    group_id BLOB NOT NULL,
    eid BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (group_id, eid),
    FOREIGN KEY (group_id, eid) REFERENCES epochs ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE epoch_moving_parts (
    group_id BLOB NOT NULL,
    eid BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (group_id, eid),
    FOREIGN KEY (group_id, eid) REFERENCES epochs ON DELETE CASCADE
  ) STRICT;
`

/**
 * Objects keep their row for ever, so that one that was pruned is still known; `bytes` is null then.
 * `position` is the order of arrival. Deliveries name objects by it: there are as many as messages times members.
 */
const OBJECTS = `
  CREATE TABLE objects (
    position INTEGER PRIMARY KEY,
    object_id BLOB NOT NULL UNIQUE,
    group_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('commit', 'message')),
    eid BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    sender BLOB NOT NULL,
    sender_seq INTEGER,
    bytes BLOB,
    stored_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX objects_of_group ON objects (group_id, position, epoch);
  CREATE INDEX commits_by_epoch ON objects (group_id, eid, position) WHERE kind = 'commit';
  CREATE INDEX objects_by_age ON objects (stored_at) WHERE bytes IS NOT NULL;

  CREATE TABLE deliveries (
    position INTEGER NOT NULL REFERENCES objects,
    member_id BLOB NOT NULL,
    group_id BLOB NOT NULL,
    acked_at INTEGER,
    PRIMARY KEY (position, member_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_owed ON deliveries (group_id, member_id, position) WHERE acked_at IS NULL;

  CREATE TABLE senders (
    group_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    ahead TEXT NOT NULL,
    last_object BLOB,
    PRIMARY KEY (group_id, member_id)
  ) STRICT, WITHOUT ROWID;
`

/** `messages.id` is an integer key so that a full-text index over `text` can refer to it. */
const MESSAGES = `
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    message_id BLOB NOT NULL,
    group_id BLOB NOT NULL,
    channel_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    object_position INTEGER NOT NULL REFERENCES objects,
    author BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    lamport INTEGER NOT NULL,
    text TEXT NOT NULL,
    reply_to BLOB,
    content BLOB NOT NULL,
    failure TEXT
  ) STRICT;
  CREATE INDEX messages_by_id ON messages (message_id);
  CREATE INDEX messages_in_order ON messages (channel_id, lamport, message_id, seq);
  CREATE UNIQUE INDEX messages_by_arrival ON messages (channel_id, seq);
  CREATE INDEX messages_of_object ON messages (object_position);
  CREATE INDEX messages_newest ON messages (group_id, lamport);

  CREATE TABLE channel_marks (
    channel_id BLOB PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    unread INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

const DIRECTORY = `
  CREATE TABLE spaces (
    group_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE channels (
    channel_id BLOB PRIMARY KEY,
    group_id BLOB NOT NULL REFERENCES spaces,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('open', 'private', 'pseudonymous')),
    position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX channels_of_group ON channels (group_id, position);

  CREATE TABLE members (
    group_id BLOB NOT NULL REFERENCES spaces,
    member_id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'moderator', 'member', 'guest')),
    devices INTEGER NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    PRIMARY KEY (group_id, member_id)
  ) STRICT, WITHOUT ROWID;
`

const PEOPLE = `
  CREATE TABLE peers (
    group_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    peer_id TEXT NOT NULL,
    addresses TEXT NOT NULL,
    seen_at INTEGER,
    PRIMARY KEY (group_id, member_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE invitation_links (
    group_id BLOB NOT NULL,
    invitation_id BLOB NOT NULL,
    link TEXT NOT NULL,
    PRIMARY KEY (group_id, invitation_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE invitation_grants (
    group_id BLOB NOT NULL,
    request_id TEXT NOT NULL,
    welcome BLOB NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (group_id, request_id)
  ) STRICT;

  CREATE TABLE joins (
    join_id BLOB PRIMARY KEY,
    link TEXT NOT NULL,
    group_id BLOB NOT NULL,
    space_name TEXT NOT NULL,
    member_name TEXT NOT NULL,
    request_id TEXT NOT NULL,
    identity BLOB NOT NULL,
    key_packages BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
`

export const initialSchema: Migration = {
  version: 1,
  up: (database) => {
    for (const part of [GROUPS, OBJECTS, MESSAGES, DIRECTORY, PEOPLE]) database.exec(part)
  },
}
