import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel, Profile, Space } from '../../shared/domain/models.ts'
import { Avatar } from '../components/avatar.tsx'
import { ChannelColumn } from '../features/channels/channel-column.tsx'
import { ChannelList } from '../features/channels/channel-list.tsx'
import { ColumnFoot, JumpButton } from '../features/channels/column-parts.tsx'
import { spaceActions } from '../features/spaces/space-actions.tsx'
import { membersOf } from '../features/members/members-store.ts'
import { useStores } from './stores.ts'

interface ChannelsProps {
  profile: Profile
  space: Space
  channel: Channel | null
  status: ReactNode
}

/** The column of a space's channels. */
export function Channels({ profile, space, channel, status }: ChannelsProps) {
  const { ui, client, members } = useStores()
  const { t } = useTranslation()
  const width = useStore(ui.store, (state) => state.shape.columnWidth)
  const self = useStore(members.store, (state) => membersOf(state, space.spaceId).find((member) => member.self))
  return (
    <ChannelColumn width={width} onWidth={(columnWidth) => ui.reshape({ columnWidth })}>
      <ChannelList
        space={space}
        current={channel?.channelId ?? null}
        onOpen={(channelId) => ui.go(space.spaceId, channelId)}
        onCreate={() => ui.show({ kind: 'create-channel' })}
        onMessage={() => ui.show({ kind: 'new-message' })}
        onInvite={() => ui.show({ kind: 'invite' })}
        actions={spaceActions(t, space, (kind) => ui.show({ kind }))}
        jump={<JumpButton shortcut={client.platform === 'darwin' ? '⌘K' : 'Ctrl K'} onOpen={() => ui.show({ kind: 'jump' })} />}
        foot={
          <ColumnFoot
            avatar={<Avatar id={self?.memberId ?? profile.profileId} size={32} />}
            name={self?.name ?? profile.name}
            status={status}
          />
        }
      />
    </ChannelColumn>
  )
}
