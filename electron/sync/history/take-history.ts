import type { MemberId } from '../../../shared/domain/ids.ts'
import type { MemberRow, Repositories, StoredMessage } from '../../ports/store.ts'
import type { PastMessage } from '../../ports/wire.ts'
import { MAX_CLOCK_AHEAD_MS, messageOf } from '../content/message-of.ts'
import { decodeContent } from '../content/mimi-content.ts'
import type { Tip } from '../group/next-tip.ts'
import { isChannelHere } from '../policy/channel-id.ts'

/**
 * Stores what a member says was said before this device came, as theirs to answer for. It takes nobody's word for what this
 * device itself wrote, for other groups' channels, or for anything later. Answers what is new here.
 */
export function takeHistory(tx: Repositories, { row, settings }: Tip, sharedBy: MemberId, page: readonly PastMessage[]): StoredMessage[] {
  const { groupId, selfMemberId, createdAt } = row
  const channels = new Set(settings.channels.map(({ channelId }) => channelId))
  // What is said to be later than our coming is not of before.
  const latest = createdAt + MAX_CLOCK_AHEAD_MS
  const taken = page.flatMap((past): StoredMessage[] => {
    const said = decodeContent(past.content)
    if (said === null || past.author === selfMemberId || said.extensions.lamport > latest) return []
    const message = messageOf(said, { ...past, latest })
    const isHere = message !== null && channels.has(message.channelId) && isChannelHere(tx, groupId, message.channelId)
    const stored = isHere ? tx.messages.addShared({ ...message, groupId }, sharedBy) : null
    return stored === null ? [] : [stored]
  })
  nameAuthors(tx, groupId, page, new Set(taken.map(({ author }) => author)))
  return taken
}

/** Who was gone before this device came has a name here, too: the one they are said to have had. */
function nameAuthors(tx: Repositories, groupId: MemberRow['groupId'], page: readonly PastMessage[], authors: ReadonlySet<MemberId>): void {
  const space = tx.directory.space(groupId)
  const names = new Map(page.map(({ author, name }) => [author, name]))
  const unknown = [...authors].filter((memberId) => tx.directory.member(groupId, memberId) === null)
  if (space === null || unknown.length === 0) return
  const gone = unknown.flatMap((memberId): MemberRow[] => {
    const name = names.get(memberId)
    return name === undefined ? [] : [{ groupId, memberId, name, role: 'guest', devices: 0, active: false }]
  })
  const members = tx.directory.members(groupId).filter(({ active }) => active)
  tx.directory.replace(space, tx.directory.channels(groupId), [...members, ...gone])
}
