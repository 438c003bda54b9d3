import type { Connection } from '../../../shared/domain/models.ts'

/** How things stand with the network, as one of few cases that a person can tell apart. */
export type Summary =
  | { kind: 'offline' }
  | { kind: 'alone' }
  | { kind: 'reaching'; count: number }
  | { kind: 'nobody' }
  | { kind: 'connected'; names: string[]; count: number }

const REACHING = new Set(['dialing', 'handshaking', 'proving'])

/** Only what the node reported: somebody counts as connected once it is proven who they are. */
export function summarise(connection: Connection): Summary {
  const ready = connection.peers.filter((peer) => peer.state === 'ready' && peer.members.length > 0)
  if (ready.length > 0) {
    const names = [...new Map(ready.flatMap((peer) => peer.members.slice(0, 1).map((member) => [member.memberId, member.name]))).values()]
    return { kind: 'connected', names, count: ready.length }
  }
  if (connection.listening.length === 0) return { kind: 'offline' }
  const reaching = connection.peers.filter((peer) => REACHING.has(peer.state)).length
  if (reaching > 0) return { kind: 'reaching', count: reaching }
  const expected = connection.peers.some((peer) => peer.state === 'backing-off' || peer.state === 'closed')
  return expected ? { kind: 'nobody' } : { kind: 'alone' }
}

/** Messages of ours that someone has yet to receive. */
export const queuedCount = (connection: Connection): number => connection.queued.reduce((sum, { messages }) => sum + messages, 0)
