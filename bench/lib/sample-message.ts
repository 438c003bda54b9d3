import { createLocalIdentity } from '../../electron/identity/index.ts'
import { createGroupEngine } from '../../electron/crypto/mls/index.ts'
import { utf8 } from '../../electron/kernel/bytes.ts'
import { systemClock } from '../../electron/kernel/clock.ts'
import { silentLogger } from '../../electron/kernel/logger.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import { encodeContent } from '../../electron/sync/content/mimi-content.ts'
import type { GroupId } from '../../shared/domain/ids.ts'

/** A sentence or two, which is what people write. */
export const TEXT = 'Shall we try the ridge on Saturday? The forecast says dry until four, and the hut at the top is open.'

/** What `TEXT` weighs as an MLS message of its own: what a baseline has to carry. */
export async function messageBytes(): Promise<number> {
  const random = systemRandom
  const engine = await createGroupEngine({ clock: systemClock, random, logger: silentLogger })
  const groupId = random.id<GroupId>()
  const self = createLocalIdentity(groupId, 'Alice', random)
  const state = await engine.create({ groupId, self, settings: utf8('{}') })
  const now = systemClock.now()
  const content = encodeContent({
    salt: random.bytes(16),
    inReplyTo: null,
    topicId: random.bytes(16),
    extensions: { seq: 1000, prev: { object: random.bytes(32), epoch: 1 }, lamport: now, sentAt: now },
    text: TEXT,
  })
  return (await engine.encrypt(state, content, new Uint8Array())).message.length
}
