import type { MemberId, SpaceId } from '../../shared/domain/ids.ts'
import type { CodedError } from '../../shared/ipc/error-codes.ts'
import type { Stores } from './stores.ts'

/** Goes to the conversation with a member of a space, the one there is already if there is one; answers why it could not. */
export const messageIn =
  ({ spaces, ui }: Pick<Stores, 'spaces' | 'ui'>, spaceId: SpaceId) =>
  async (memberId: MemberId): Promise<CodedError | null> => {
    const result = await spaces.direct(spaceId, memberId)
    if (result.ok) ui.go(spaceId, result.value.channelId)
    return result.ok ? null : result.error
  }
