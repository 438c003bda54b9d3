import type { World } from './world.ts'

/** Who is away is back within twenty seconds, and sessions are tried again once a minute at the latest; a hostile node may never make one. */
const MEET_MS = 90_000

/**
 * Whether everybody is there and connected with all they look for. A connection that is gone is none, though its ends take it for
 * good until they notice: what would be said over it is lost.
 */
export const areConnected = ({ nodes }: World): boolean =>
  nodes.every(({ up }) => up) &&
  nodes.every(({ now: { network } }) => network.sessions().every(({ peerId }) => network.isConnected(peerId)))

/**
 * Lets time pass until all have met who look for each other, and nobody waits any more for an answer that was lost before all was
 * well. Until then all may look well: each holds to what it knows, and what it does not know is still to come.
 */
export async function allMeet(world: World): Promise<void> {
  const asked = world.fabric.underWay()
  await world.until(() => areConnected(world) && !world.fabric.underWay().some((question) => asked.includes(question)), MEET_MS)
}
