import { KEPT_EPOCHS } from '../../../sync/group/group-deps.ts'
import { violation } from '../violation.ts'
import type { Violation } from '../violation.ts'
import type { World } from '../world.ts'

/** As many numbers as gaps of one sender's chain may take (`plan-message`). */
const MOST_AHEAD = 1_002

/** Invariant 13: what honest members keep is what was really said, whatever hostile ones send. */
export function bounds(world: World): Violation[] {
  const found: Violation[] = []
  for (const { name, store, hostile } of world.members) {
    if (hostile) continue
    const kept = store.mls.epochs(world.groupId).length
    if (kept > KEPT_EPOCHS.atMost + 1) found.push(violation(13, `${name} keeps ${kept} epochs`))
    for (const { ahead } of store.senders.list(world.groupId))
      if (ahead.length > MOST_AHEAD) found.push(violation(13, `${name} keeps ${ahead.length / 2} runs of one sender`))
    for (const objectId of world.rejected.bogus)
      if (store.objects.has(world.groupId, objectId)) found.push(violation(13, `${name} keeps what a hostile member made up`))
  }
  return found
}
