import type { LiveGroup } from './live-group.ts'

/** Notes durably that the group is split, so that the window can say so. Call inside `exclusive`. */
export function markSplit(group: LiveGroup): void {
  if (group.tip.row.split) return
  group.commitTip({ ...group.tip, row: { ...group.tip.row, split: true } }, () => undefined)
  group.deps.events.split(group.groupId)
}
