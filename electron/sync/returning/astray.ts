import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'

type Settings = Pick<Repositories, 'settings'>

const nameOf = (groupId: GroupId): string => `astray/${groupId}`

const MARK = { asking: new Uint8Array(), uninvited: Uint8Array.of(1) }

const putAstray = ({ settings }: Settings, groupId: GroupId, mark: Uint8Array): void => settings.set(nameOf(groupId), mark)

/**
 * Marks a group as returning because all others went where this device cannot follow. What is stored of it is not old, so it goes
 * on counting from where it is; but only a fresh leaf brings it to where they are.
 */
export function markAstray(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    const { tip } = group
    if (tip.row.returning) return
    group.commitTip({ ...tip, row: { ...tip.row, returning: true } }, (tx) => putAstray(tx, group.groupId, MARK.asking))
  })
}

export const isAstray = ({ settings }: Settings, groupId: GroupId): boolean => settings.get(nameOf(groupId)) !== null

/** Where the others are this device is no member, and nothing it came by lets it in: that takes another invitation. */
export const isUninvited = ({ settings }: Settings, groupId: GroupId): boolean => settings.get(nameOf(groupId))?.length === 1

/** Does nothing where it is not astray: what was put back from an older copy must not be taken for that, or it would count on from there. */
export function markUninvited(tx: Settings, groupId: GroupId): void {
  if (isAstray(tx, groupId)) putAstray(tx, groupId, MARK.uninvited)
}

/** There is something again by which it may be let in. */
export function unmarkUninvited(tx: Settings, groupId: GroupId): void {
  if (isAstray(tx, groupId)) putAstray(tx, groupId, MARK.asking)
}

export const forgetAstray = ({ settings }: Settings, groupId: GroupId): void => settings.delete(nameOf(groupId))
