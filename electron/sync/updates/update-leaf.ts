import { makeCommit, plainData } from '../group/change-group.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { obstacleTo } from './obstacles.ts'
import type { Company, Obstacle } from './obstacles.ts'
import type { KeyPace } from './pace.ts'

/**
 * Renews this device's keys in a group by a commit that does nothing else (RFC 9420 §12.4), unless something speaks against it.
 * Answers null once the commit is durable. It is no intent: should it lose, the key is as old as before, and due once more.
 */
export function updateLeaf(group: LiveGroup, pace: KeyPace, company: () => Company): Promise<Obstacle | null> {
  return group.exclusive(async () => {
    const obstacle = obstacleTo(group, pace, company())
    if (obstacle === null) await makeCommit(group, { authenticatedData: plainData(group) }, () => undefined)
    return obstacle
  })
}
