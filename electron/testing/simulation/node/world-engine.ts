import type { GroupEngine } from '../../../crypto/mls/index.ts'

/**
 * The engine of one node. Signatures that the product has checked in other threads are checked at once, and said to hold
 * when asked: which thread ends first is nothing that a seed could decide.
 */
export function worldEngine(engine: GroupEngine, count: { received: number }): GroupEngine {
  return {
    ...engine,
    receive: async (state, bytes, authorise, options) => {
      count.received += 1
      const received = await engine.receive(state, bytes, authorise, { takeOwn: options?.takeOwn ?? false })
      if (received.ok && received.value.kind === 'message') options?.verifyLater?.(() => Promise.resolve(true))
      return received
    },
  }
}
