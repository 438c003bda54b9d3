import { connectControl } from '../node/control/control-client.ts'
import { startNode } from './open-node.ts'
import type { CliNode, NodeWish } from './open-node.ts'

/** Works with the running node, or with one of the command's own whose profile need not be open, nor be there. */
export async function withAnyNode(wish: NodeWish, work: (node: CliNode) => Promise<void>): Promise<void> {
  const running = await connectControl(wish.dataDir)
  const node = running === null ? await startNode(wish) : { ...running, remote: true }
  try {
    await work(node)
  } finally {
    await node.stop()
  }
}
