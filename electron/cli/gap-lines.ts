import type { Connection } from '../../shared/domain/models.ts'

export type Gap = Connection['missing'][number]

const keyOf = ({ spaceId, memberId }: Gap): string => `${spaceId} ${memberId}`
const isSame = (one: Gap | undefined, other: Gap): boolean =>
  one?.messages === other.messages && one.asked.join(' ') === other.asked.join(' ')

/** What changed of what is missing of members: gaps that are new or others now, and those that closed, of which no message is missing. */
export function gapNews(before: readonly Gap[], now: readonly Gap[]): Gap[] {
  const known = new Map(before.map((gap) => [keyOf(gap), gap]))
  const open = new Set(now.map(keyOf))
  const closed = before.filter((gap) => !open.has(keyOf(gap))).map((gap) => ({ ...gap, messages: 0, asked: [] }))
  return [...now.filter((gap) => !isSame(known.get(keyOf(gap)), gap)), ...closed]
}
