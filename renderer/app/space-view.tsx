import { Menu, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel, Profile, Space } from '../../shared/domain/models.ts'
import { Avatar } from '../components/avatar.tsx'
import { IconButton } from '../components/button.tsx'
import { useMedia } from '../components/use-media.ts'
import { ChannelColumn } from '../features/channels/channel-column.tsx'
import { ChannelList } from '../features/channels/channel-list.tsx'
import { ColumnFoot, JumpButton } from '../features/channels/column-parts.tsx'
import { ConnectionStatus } from '../features/connection/connection-status.tsx'
import { ConversationView } from '../features/conversation/conversation-view.tsx'
import { MembersPanel } from '../features/members/members-panel.tsx'
import { membersOf } from '../features/members/members-store.ts'
import { Drawer } from './drawer.tsx'
import { useStores } from './stores.ts'
import css from './shell.module.css'

interface SpaceViewProps {
  profile: Profile
  space: Space
  channel: Channel | null
}

/** Below these widths, in CSS pixels, the members and then the channels become drawers (LOOK: layout). */
const MEMBERS_BESIDE = '(min-width: 1100px)'
const CHANNELS_BESIDE = '(min-width: 720px)'

/** A space: its channels, the open conversation, its members. */
export function SpaceView({ profile, space, channel }: SpaceViewProps) {
  const { ui, members, messages, drafts, client, connection } = useStores()
  const { t } = useTranslation()
  const membersBeside = useMedia(MEMBERS_BESIDE)
  const channelsBeside = useMedia(CHANNELS_BESIDE)
  const drawer = useStore(ui.store, (state) => state.drawer)
  const shape = useStore(ui.store, (state) => state.shape)
  const everyone = useStore(members.store, (state) => membersOf(state, space.spaceId))

  const closeDrawer = () => ui.openDrawer(null)
  const membersShown = membersBeside ? shape.membersShown : drawer === 'members'
  const toggleMembers = () =>
    membersBeside ? ui.reshape({ membersShown: !shape.membersShown }) : ui.openDrawer(membersShown ? null : 'members')
  const status = <ConnectionStatus store={connection} />
  const column = <Channels profile={profile} space={space} channel={channel} status={channelsBeside ? status : null} />
  const panel = <MembersPanel spaceId={space.spaceId} store={members} onClose={toggleMembers} />
  const invite = () => ui.show({ kind: 'invite' })
  const lead = channelsBeside ? null : (
    <IconButton label={t('channels.show')} icon={<Menu size={20} strokeWidth={1.75} />} onClick={() => ui.openDrawer('channels')} />
  )
  const tools = (
    <>
      {channelsBeside ? null : status}
      <IconButton
        label={membersShown ? t('members.hide') : t('members.show')}
        icon={<Users size={20} strokeWidth={1.75} />}
        aria-pressed={membersShown}
        onClick={toggleMembers}
      />
    </>
  )
  return (
    <>
      {channelsBeside ? column : null}
      <div className={css['place']}>
        {channel === null ? (
          <main className={css['main']} aria-label={space.name} />
        ) : (
          <ConversationView
            space={space}
            channel={channel}
            members={everyone}
            messages={messages}
            drafts={drafts}
            now={client.now}
            onInvite={invite}
            lead={lead}
            tools={tools}
          />
        )}
        {membersBeside && membersShown ? panel : null}
        {!membersBeside && membersShown ? (
          <Drawer side="end" onClose={closeDrawer}>
            {panel}
          </Drawer>
        ) : null}
        {!channelsBeside && drawer === 'channels' ? (
          <Drawer side="start" onClose={closeDrawer}>
            {column}
          </Drawer>
        ) : null}
      </div>
    </>
  )
}

interface ChannelsProps extends SpaceViewProps {
  status: React.ReactNode
}

function Channels({ profile, space, channel, status }: ChannelsProps) {
  const { ui, client, members } = useStores()
  const width = useStore(ui.store, (state) => state.shape.columnWidth)
  const self = useStore(members.store, (state) => membersOf(state, space.spaceId).find((member) => member.self))
  return (
    <ChannelColumn width={width} onWidth={(columnWidth) => ui.reshape({ columnWidth })}>
      <ChannelList
        space={space}
        current={channel?.channelId ?? null}
        onOpen={(channelId) => ui.go(space.spaceId, channelId)}
        onCreate={() => ui.show({ kind: 'create-channel' })}
        onInvite={() => ui.show({ kind: 'invite' })}
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
