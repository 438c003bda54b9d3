import type { GroupEngine, GroupState, ProposedChange } from '../../crypto/mls/group-engine.ts'
import { equalBytes, toHex } from '../../kernel/bytes.ts'
import { decodeSettings, encodeSettings } from '../policy/settings.ts'
import type { SpaceSettings } from '../policy/settings.ts'

/**
 * A commit that changes nothing but its author's keys (RFC 9420 §12.4). Every member may make one, so nobody's role bounds them: one
 * whose author led here by another of them is refused (SPEC.md U5), or one member alone could push all others off the horizon.
 */
export const isBare = ({ added, removed, settingsBefore, settingsAfter }: ProposedChange): boolean =>
  added.length + removed.length === 0 && areAlike(settingsBefore, settingsAfter)

/** Whether the commit between two epochs was one. */
export const isBareStep = (engine: GroupEngine, before: GroupState, after: GroupState): boolean =>
  rosterOf(engine, before) === rosterOf(engine, after) && areAlike(engine.settings(before), engine.settings(after))

function areAlike(before: Uint8Array, after: Uint8Array): boolean {
  if (equalBytes(before, after)) return true
  const [was, is] = [decodeSettings(before), decodeSettings(after)]
  return was !== null && is !== null && equalBytes(encodeSettings(meaningOf(was)), encodeSettings(meaningOf(is)))
}

/** Without what any member may write otherwise and nobody could tell: the order of lists, and who was let in last. */
const meaningOf = (settings: SpaceSettings): SpaceSettings => ({
  ...settings,
  admission: null,
  roles: new Map([...settings.roles].sort(([a], [b]) => (a < b ? -1 : 1))),
  invitations: settings.invitations.toSorted((a, b) => (a.invitationId < b.invitationId ? -1 : 1)),
})

/** A device with a fresh leaf is another one here: its signature key is. */
const rosterOf = (engine: GroupEngine, state: GroupState): string =>
  engine
    .members(state)
    .map(({ leafIndex, deviceId }) => `${leafIndex} ${deviceId} ${toHex(engine.leafKey(state, leafIndex) ?? new Uint8Array())}`)
    .join()
