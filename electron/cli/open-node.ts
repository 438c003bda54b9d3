import type { Api } from '../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { systemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { createLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { connectControl } from '../node/control/control-client.ts'
import { proxiesFrom } from './proxies.ts'

/** The node a command works with: one that runs already, or one of its own for as long as the command lasts. */
export interface CliNode {
  api: Api
  on(listener: (event: NodeEvent) => void): () => void
  /** Whether it was here before the command and stays after it. */
  remote: boolean
  /** Resolves if a remote one goes away. */
  closed: Promise<void>
  stop(): Promise<void>
}

export interface NodeWish {
  dataDir: string
  passphrase: string | null
  env: Readonly<Record<string, string | undefined>>
}

/** A node whose profile may not exist or be open yet: for `init` and `serve`. */
export async function startNode({ dataDir, env }: NodeWish): Promise<CliNode> {
  // Most of the program: a command that a running node answers need not load it.
  const { createNode } = await import('../node/create-node.ts')
  const loopbackOnly = env['SPACEPANDA_NETWORK'] === 'loopback'
  const node = await createNode({
    dataDir,
    keyVault: null,
    logger: createLogger(env['SPACEPANDA_LOG'] === 'debug' ? 'debug' : 'error'),
    clock: systemClock,
    random: systemRandom,
    network: { loopbackOnly, mdns: !loopbackOnly, webrtc: true, ...(loopbackOnly && proxiesFrom(env)) },
  })
  return {
    api: node.api,
    on: (listener) => node.on(listener),
    remote: false,
    closed: new Promise(() => undefined),
    stop: () => node.stop(),
  }
}

/** A node with its profile open. Throws `AppError('no-profile' | 'locked' | 'wrong-passphrase' | 'passphrase-required' | 'in-use' | …)`. */
export async function openNode(wish: NodeWish): Promise<CliNode> {
  const running = await connectControl(wish.dataDir)
  if (running !== null) return { ...running, remote: true }
  const node = await startNode(wish)
  try {
    await unlock(node, wish.passphrase)
    return node
  } catch (thrown) {
    await node.stop()
    throw thrown
  }
}

export async function unlock({ api }: Pick<CliNode, 'api'>, passphrase: string | null): Promise<void> {
  const status = await api['profile.status']({})
  if (status.kind === 'none') throw new AppError('no-profile', 'There is no profile here. Make one with: init --name NAME')
  if (status.kind === 'unreadable') throw new AppError(status.code, status.reason)
  if (status.kind === 'in-use') throw new AppError('in-use', 'Another SpacePanda opened this profile just now. Try again.')
  if (status.kind === 'open') return
  if (!status.passphrase && status.recovery) {
    throw new AppError('locked', 'No passphrase opens this profile. Open it by its recovery phrase with: recover')
  }
  if (!status.passphrase) {
    throw new AppError(
      'locked',
      "This profile's key is in the system's keyring. Start SpacePanda's window; commands then reach the profile through it.",
    )
  }
  if (passphrase === null) {
    throw new AppError(
      'passphrase-required',
      'No passphrase was given, and this profile needs its own: set SPACEPANDA_PASSPHRASE or give --passphrase-file.',
    )
  }
  await api['profile.unlock']({ passphrase })
}
