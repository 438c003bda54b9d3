import type { GroupId, ObjectId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { equalBytes, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import type { Repositories } from '../../ports/store.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { isWithoutUs } from '../group/edge.ts'
import { readEnded, takeBack } from '../members/ended.ts'

type Settings = Pick<Repositories, 'settings'>

const nameOf = (groupId: GroupId): string => `astray/${groupId}`
const takenName = (groupId: GroupId): string => `place-taken/${groupId}`
const fallenName = (groupId: GroupId): string => `removals-fallen/${groupId}`

const MARK = { asking: new Uint8Array(), refused: Uint8Array.of(1), strangers: Uint8Array.of(2) }

export type WhyUninvited = NonNullable<Space['uninvited']>

const REASONS = ['refused', 'strangers'] as const satisfies readonly WhyUninvited[]

const putAstray = ({ settings }: Settings, groupId: GroupId, mark: Uint8Array): void => settings.set(nameOf(groupId), mark)

/**
 * Marks a group as returning because all others went where this device cannot follow. What is stored of it is not old, so it goes
 * on counting from where it is; but only a fresh leaf brings it to where they are. `also`: in the same step.
 */
export function markAstray(group: LiveGroup, also: (tx: Repositories) => void = () => undefined): Promise<void> {
  return group.exclusive(async () => {
    const { tip } = group
    if (tip.row.returning) return group.deps.store.transaction(also)
    group.commitTip({ ...tip, row: { ...tip.row, returning: true } }, (tx) => {
      putAstray(tx, group.groupId, MARK.asking)
      also(tx)
    })
  })
}

const removalsHere = ({ commits }: Pick<Repositories, 'commits'>, groupId: GroupId): ObjectId[] =>
  commits
    .of(groupId)
    .filter(isWithoutUs)
    .map(({ objectId }) => objectId)

/** Whether a removal of this device was known when a member said that it is in: it fell by what cannot be read here, whatever is known here besides. */
export function isSaidToHaveFallen({ settings }: Settings, groupId: GroupId, removal: ObjectId): boolean {
  const said = settings.get(fallenName(groupId))
  return said !== null && fromUtf8(said).split(' ').includes(removal)
}

/** Whether it is no more what it was: a removal of this device is known here, and was said to have fallen. */
export const isTakenBack = ({ settings }: Settings, groupId: GroupId): boolean => settings.get(fallenName(groupId)) !== null

/** As `markAstray`, for one that was removed, as far as it knows, and is in where the others are. Answers whether it was. */
export function takeBackAstray(group: LiveGroup): Promise<boolean> {
  return group.exclusive(async () => {
    const { tip, groupId } = group
    if (readEnded(group.deps.store, groupId)?.kind !== 'removed') return false
    group.commitTip({ ...tip, row: { ...tip.row, returning: true } }, (tx) => {
      takeBack(tx, groupId)
      // What was put back from an older copy does not count on from there (decision 5).
      if (!tip.row.returning) putAstray(tx, groupId, MARK.asking)
      tx.settings.set(fallenName(groupId), utf8(removalsHere(tx, groupId).join(' ')))
    })
    return true
  })
}

export const isAstray = ({ settings }: Settings, groupId: GroupId): boolean => settings.get(nameOf(groupId)) !== null

/** Why it takes another invitation to be let in, if it does. */
export function uninvited({ settings }: Settings, groupId: GroupId): WhyUninvited | null {
  const mark = settings.get(nameOf(groupId))
  if (mark === null) return null
  return REASONS.find((reason) => equalBytes(mark, MARK[reason])) ?? null
}

/** Does nothing where it is not astray: what was put back from an older copy must not be taken for that, or it would count on from there. */
export function markUninvited(tx: Settings, groupId: GroupId, reason: WhyUninvited): void {
  if (isAstray(tx, groupId)) putAstray(tx, groupId, MARK[reason])
}

/** There is something again by which it may be let in. */
export function unmarkUninvited(tx: Settings, groupId: GroupId): void {
  if (isAstray(tx, groupId)) putAstray(tx, groupId, MARK.asking)
}

/** Another computer with this profile has this device's place. Does nothing where the group is not astray. */
export function markTakenOver(tx: Settings, groupId: GroupId): void {
  if (isAstray(tx, groupId)) tx.settings.set(takenName(groupId), new Uint8Array())
}

/** This device takes its place back, or is about to. */
export const unmarkTakenOver = ({ settings }: Settings, groupId: GroupId): void => settings.delete(takenName(groupId))

/** Not where the profile was put back from an older copy meanwhile. */
export const isTakenOver = (tx: Settings, groupId: GroupId): boolean =>
  isAstray(tx, groupId) && tx.settings.get(takenName(groupId)) !== null

export function forgetAstray({ settings }: Settings, groupId: GroupId): void {
  settings.delete(nameOf(groupId))
  settings.delete(fallenName(groupId))
  settings.delete(takenName(groupId))
}
