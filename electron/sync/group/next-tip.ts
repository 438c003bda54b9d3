import type { GroupEngine, GroupState } from '../../crypto/mls/group-engine.ts'
import { invariant } from '../../kernel/errors.ts'
import type { GroupRow } from '../../ports/store.ts'
import { decodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'

/** One group's newest epoch, in memory as it is on disk. Replaced as a whole, and only after the transaction that wrote it. */
export interface Tip {
  state: GroupState
  settings: SpaceSettings
  row: GroupRow
}

/** The tip after a commit that was authorised. */
export async function nextTip(engine: GroupEngine, tip: Tip, state: GroupState): Promise<Tip> {
  const settings = decodeSettings(engine.settings(state))
  invariant(settings !== null, 'an authorised commit has readable settings')
  return { state, settings, row: { ...tip.row, tip: await engine.eid(state), epoch: engine.epoch(state) } }
}
