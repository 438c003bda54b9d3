/**
 * A message hangs on the object it came in. Where that row is lost, an object that never existed outside takes its number, as one
 * that was pruned: what somebody wrote must not go with the ciphertext of it. It has no place in its sender's chain, so the real
 * one is taken when others bring it.
 */
export const GIVE_STAND_INS = `
  INSERT INTO objects (position, object_id, group_id, kind, eid, epoch, sender, sender_seq, bytes, stored_at)
  SELECT m.object_position, randomblob(32), m.group_id, 'message', ifnull(g.tip, zeroblob(32)), ifnull(g.epoch, 0), m.author, NULL, NULL, m.sent_at
  FROM messages m LEFT JOIN groups g USING (group_id)
  WHERE m.object_position NOT IN (SELECT position FROM objects) GROUP BY m.object_position`
