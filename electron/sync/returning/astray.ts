import type { GroupId } from '../../../shared/domain/ids.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'

const nameOf = (groupId: GroupId): string => `astray/${groupId}`

/**
 * Marks a group as returning because all others went where this device cannot follow. What is stored of it is not old, so it goes
 * on counting from where it is; but only a fresh leaf brings it to where they are.
 */
export function markAstray(group: LiveGroup): Promise<void> {
  return group.exclusive(async () => {
    const { tip } = group
    if (tip.row.returning) return
    group.commitTip({ ...tip, row: { ...tip.row, returning: true } }, (tx) => tx.settings.set(nameOf(group.groupId), new Uint8Array()))
  })
}

export const isAstray = ({ settings }: Pick<Repositories, 'settings'>, groupId: GroupId): boolean => settings.get(nameOf(groupId)) !== null

export const forgetAstray = ({ settings }: Pick<Repositories, 'settings'>, groupId: GroupId): void => settings.delete(nameOf(groupId))
