import type { Output } from './output.ts'
import type { CliNode, NodeWish } from './open-node.ts'

/** What a command is given. */
export interface CliContext {
  output: Output
  wish(): NodeWish
  env: NodeWish['env']
  /** Runs `work` on the node of the profile folder and stops what was started for it. */
  withNode(work: (node: CliNode) => Promise<void>): Promise<void>
  /** Aborted when the person interrupts the command. */
  interrupted: AbortSignal
}
