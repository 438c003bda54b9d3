import type { ChannelId } from '../../shared/domain/ids.ts'
import type { NodeHandle } from '../../electron/node/node-handle.ts'
import { TEXT } from './sample-message.ts'
import { heard, joinBy } from './real-node.ts'

/** Alice makes a space and a link; Bob joins by it; both know each other when this resolves, with the channel they talk in. */
export async function befriend(alice: NodeHandle, bob: NodeHandle): Promise<ChannelId> {
  const { spaceId, channels } = await alice.api['spaces.create']({ name: 'Bench' })
  const { link } = await alice.api['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 3_600_000 })
  const [channel] = channels
  if (channel === undefined || link === null) throw new Error('a new space has a channel, and its maker the link')
  await joinBy(bob, link)
  await deliver(alice, channel.channelId)
  return channel.channelId
}

/** Milliseconds from sending a message to hearing that the only other member has it. One at a time. */
export async function deliver(node: NodeHandle, channelId: ChannelId): Promise<number> {
  const started = performance.now()
  const delivered = heard(node, 'a delivery', (event) =>
    event.event === 'message.changed' && event.data.delivery.state === 'delivered' ? event.data.messageId : null,
  )
  const { messageId } = await node.api['messages.send']({ channelId, text: TEXT, replyTo: null })
  if ((await delivered) !== messageId) throw new Error('another message was on its way')
  return performance.now() - started
}
