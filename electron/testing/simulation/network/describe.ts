import type { Frontier, ObjectPush } from '../../../ports/wire.ts'
import { objectIdOf } from '../../../sync/group/object-id.ts'
import { short } from '../trace.ts'

/** Objects for the trace: how many, the first ones by id, and their epoch. */
export function pushed({ objects }: ObjectPush): string {
  const shown = objects.slice(0, 4).map(({ eid, bytes }) => `${short(objectIdOf(bytes))}@${short(eid)}`)
  return [...shown, ...(objects.length > shown.length ? [`and ${objects.length - shown.length} more`] : [])].join(' ')
}

export const standing = ({ epoch, eid, senders }: Frontier): string =>
  `${epoch}@${short(eid)} [${senders.map(({ memberId, seq, ahead }) => `${short(memberId)}:${seq}${ahead === undefined ? '' : '+'}`).join(' ')}]`
