import type { NodeEvent } from '../../shared/ipc/events.ts'
import { systemClock } from '../../electron/kernel/clock.ts'
import { createLogger } from '../../electron/kernel/logger.ts'
import { systemRandom } from '../../electron/kernel/random.ts'
import { createNode } from '../../electron/node/create-node.ts'
import type { NodeHandle, NodeOptions } from '../../electron/node/node-handle.ts'
import type { KeyVault } from '../../electron/ports/key-vault.ts'

/** How long anything that is waited for may take. */
const PATIENCE_MS = 30_000

/** Stands in for the system's keyring, so that no run starts with the 64 MiB of a passphrase. */
export const openVault: KeyVault = {
  safe: true,
  wrap: (secret) => Promise.resolve(secret),
  unwrap: (wrapped) => Promise.resolve(wrapped),
}

/** The real node over a profile that is there: MLS (X-Wing), libp2p on loopback, encrypted SQLite with `synchronous=FULL`. */
export const openNode = (dataDir: string, via?: NodeOptions['network']['via']): Promise<NodeHandle> =>
  createNode({
    dataDir,
    keyVault: openVault,
    logger: createLogger('error'),
    clock: systemClock,
    random: systemRandom,
    network: { loopbackOnly: true, mdns: false, webrtc: false, ...(via === undefined ? {} : { via }) },
  })

/** The same with a new profile. */
export async function newNode(dataDir: string, name: string, via?: NodeOptions['network']['via']): Promise<NodeHandle> {
  const node = await openNode(dataDir, via)
  await node.api['profile.create']({ name, passphrase: null })
  return node
}

/** Resolves once the node is in by that link; fails once it is known that it will not be. */
export async function joinBy(node: NodeHandle, link: string): Promise<void> {
  const done = heard(node, 'the end of the join', (event) => {
    if (event.event !== 'join.changed') return null
    const { state } = event.data
    if (state.kind === 'refused' || state.kind === 'cancelled') throw new Error(`not let in: ${state.kind}`)
    return state.kind === 'done' ? true : null
  })
  await node.api['joins.start']({ link })
  await done
}

/** Resolves with what `look` makes of an event that comes from now on; fails with what it throws. */
export function heard<T>(node: NodeHandle, what: string, look: (event: NodeEvent) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      unsubscribe()
      settle()
    }
    const timer = setTimeout(() => finish(() => reject(new Error(`waited in vain for ${what}`))), PATIENCE_MS)
    const unsubscribe = node.on((event) => {
      try {
        const found = look(event)
        if (found !== null) finish(() => resolve(found))
      } catch (thrown) {
        finish(() => reject(thrown instanceof Error ? thrown : new Error(what)))
      }
    })
  })
}
