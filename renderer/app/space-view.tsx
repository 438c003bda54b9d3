import { Menu, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel, Member, Profile, Space } from '../../shared/domain/models.ts'
import { IconButton } from '../components/button.tsx'
import { useMedia } from '../components/use-media.ts'
import { ConnectionStatus } from '../features/connection/connection-status.tsx'
import { GoneChannel } from '../features/conversation/gone-channel.tsx'
import type { MemberAction } from '../features/members/member-menu.tsx'
import { MembersPanel } from '../features/members/members-panel.tsx'
import { Channels } from './channels.tsx'
import { Conversation } from './conversation.tsx'
import { Drawer } from './drawer.tsx'
import { messageIn } from './message.ts'
import { SearchResults } from './search-results.tsx'
import { useStores } from './stores.ts'
import css from './shell.module.css'

interface SpaceViewProps {
  profile: Profile
  spaces: readonly Space[]
  space: Space
  channel: Channel | null
  /** What was open and is there no more. */
  gone: Channel | null
}

/** Below these widths, in CSS pixels, the members and then the channels become drawers (LOOK: layout). */
const MEMBERS_BESIDE = '(min-width: 1100px)'
const CHANNELS_BESIDE = '(min-width: 720px)'
/** Below this one what the members button does is in the menu of the channel. */
const MEMBERS_BUTTON = '(min-width: 300px)'

/** A space: its channels, the open conversation, its members or what was found. */
export function SpaceView({ profile, spaces, space, channel, gone }: SpaceViewProps) {
  const stores = useStores()
  const { ui, members, connection, search, drafts, client } = stores
  const { t } = useTranslation()
  const membersBeside = useMedia(MEMBERS_BESIDE)
  const channelsBeside = useMedia(CHANNELS_BESIDE)
  const membersButton = useMedia(MEMBERS_BUTTON)
  const drawer = useStore(ui.store, (state) => state.drawer)
  const shape = useStore(ui.store, (state) => state.shape)
  const searching = useStore(search.store, (state) => state.open) && channel !== null

  const closeDrawer = () => ui.openDrawer(null)
  const membersShown = (membersBeside ? shape.membersShown : drawer === 'members') && !(searching && membersBeside)
  const toggleMembers = () => {
    // What was found stands where the members do: whoever wants to see them is done with it.
    if (searching) search.close()
    if (membersBeside) ui.reshape({ membersShown: searching || !shape.membersShown })
    else ui.openDrawer(membersShown ? null : 'members')
  }
  // In one place at a time: it is read out when it changes.
  const statusAmongChannels = channelsBeside || drawer === 'channels'
  const status = statusAmongChannels ? <ConnectionStatus store={connection} /> : null
  const column = <Channels profile={profile} space={space} channel={channel} status={status} />
  const act = (action: MemberAction, { memberId }: Member) => {
    if (action === 'message') return messageIn(stores, space.spaceId)(memberId)
    ui.show({ kind: 'member', action, memberId })
    return Promise.resolve(null)
  }
  const panel = (
    <MembersPanel
      spaceId={channel?.membersOf ?? space.spaceId}
      store={members}
      withRoles={channel?.kind !== 'direct'}
      isOver={space.status.kind === 'removed' || channel?.status.kind === 'removed'}
      onAct={act}
      onAdd={channel?.may.addMembers === true ? () => ui.show({ kind: 'add-people' }) : null}
      onClose={toggleMembers}
    />
  )
  const lead = channelsBeside ? null : (
    <IconButton label={t('channels.show')} icon={<Menu size={20} strokeWidth={1.75} />} onClick={() => ui.openDrawer('channels')} />
  )
  const tools = (
    <>
      {statusAmongChannels || searching ? null : <ConnectionStatus store={connection} compact />}
      {membersButton ? (
        <IconButton
          label={membersShown ? t('members.hide') : t('members.show')}
          icon={<Users size={20} strokeWidth={1.75} />}
          aria-pressed={membersShown}
          onClick={toggleMembers}
        />
      ) : null}
    </>
  )
  const toMembers = { label: t('members.show'), icon: <Users size={16} strokeWidth={1.75} aria-hidden />, onSelect: toggleMembers }
  const aside = (side: 'start' | 'end', content: ReactNode) => (
    <Drawer side={side} onClose={closeDrawer}>
      {content}
    </Drawer>
  )
  return (
    <>
      {channelsBeside ? column : null}
      <div className={css['place']}>
        {gone !== null ? (
          <GoneChannel
            key={gone.channelId}
            space={space}
            channel={gone}
            drafts={drafts}
            copyText={client.copyText}
            onward={space.channels[0] ?? null}
            onGo={({ channelId }) => ui.go(space.spaceId, channelId)}
            lead={lead}
          />
        ) : channel === null ? (
          <main className={css['main']} aria-label={space.name} />
        ) : (
          <Conversation space={space} channel={channel} lead={lead} tools={tools} more={membersButton ? [] : [toMembers]} />
        )}
        {searching ? <SearchResults spaces={spaces} /> : null}
        {membersBeside && membersShown ? panel : null}
        {!membersBeside && membersShown ? aside('end', panel) : null}
        {!channelsBeside && drawer === 'channels' ? aside('start', column) : null}
      </div>
    </>
  )
}
