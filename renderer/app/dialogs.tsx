import { useStore } from 'zustand'
import type { MemberId, SpaceId } from '../../shared/domain/ids.ts'
import type { Channel, Member, Profile, Space } from '../../shared/domain/models.ts'
import type { CodedError } from '../../shared/ipc/error-codes.ts'
import { AddPeople } from '../features/channels/add-people.tsx'
import { ChannelSettings } from '../features/channels/channel-settings.tsx'
import { CreateChannel } from '../features/channels/create-channel.tsx'
import { ExportChannel } from '../features/channels/export-channel.tsx'
import { RenameChannel } from '../features/channels/rename-channel.tsx'
import { InviteDialog } from '../features/invitations/invite-dialog.tsx'
import { JoinDialog } from '../features/joins/join-dialog.tsx'
import { JumpDialog } from '../features/jump/jump-dialog.tsx'
import type { MemberDialog } from '../features/members/member-menu.tsx'
import { membersOf } from '../features/members/members-store.ts'
import { NewMessage } from '../features/members/new-message.tsx'
import { RemoveDialog } from '../features/members/remove-dialog.tsx'
import { RoleDialog } from '../features/members/role-dialog.tsx'
import { VerifyDialog } from '../features/members/verify-dialog.tsx'
import { AboutPage } from '../features/settings/about-page.tsx'
import type { AboutPart } from '../features/settings/about-page.tsx'
import { AppearancePage } from '../features/settings/appearance-page.tsx'
import { ConnectionPage } from '../features/settings/connection-page.tsx'
import { DataPage } from '../features/settings/data-page.tsx'
import { NoticesPage } from '../features/settings/notices-page.tsx'
import { ProfilePage } from '../features/settings/profile-page.tsx'
import { SecurityPage } from '../features/settings/security-page.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import type { SettingsPage } from '../features/settings/settings-dialog.tsx'
import { CreateSpace } from '../features/spaces/create-space.tsx'
import { ForgetDialog, LeaveChannel, LeaveDialog, RepairDialog } from '../features/spaces/leave-dialog.tsx'
import { HistoryDialog } from '../features/spaces/history-dialog.tsx'
import { RenameSpace } from '../features/spaces/rename-space.tsx'
import { messageIn } from './message.ts'
import { useStores } from './stores.ts'

interface DialogsProps {
  profile: Profile
  spaces: Space[]
  space: Space | null
  channel: Channel | null
}

/** The one dialog that is open, if any. */
export function Dialogs({ profile, spaces, space, channel }: DialogsProps) {
  const stores = useStores()
  const { ui, client, search } = stores
  const dialog = useStore(ui.store, (state) => state.dialog)
  const everyone = useStore(stores.members.store, (state) => membersOf(state, space?.spaceId ?? null))
  const inChannel = useStore(stores.members.store, (state) => membersOf(state, channel?.membersOf ?? null))
  const others = everyone.filter((member) => !member.self)
  const letGo = (how: (of: SpaceId) => Promise<CodedError | null>) => {
    if (channel === null) return Promise.resolve(null)
    ui.lettingGo(channel.channelId)
    return how(channel.membersOf)
  }
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'create-space':
      return <CreateSpace create={stores.spaces.create} onCreated={(made) => ui.go(made.spaceId)} onClose={ui.close} />
    case 'join':
      return (
        <JoinDialog
          key={dialog.joinId ?? dialog.link}
          store={stores.joins}
          link={dialog.link}
          joinId={dialog.joinId}
          onJoined={(spaceId) => ui.go(spaceId)}
          onClose={ui.close}
        />
      )
    case 'jump': {
      const find = (text: string) => {
        ui.close()
        if (space !== null && channel !== null) search.find(text, { space, channel })
      }
      return (
        <JumpDialog
          spaces={spaces}
          onGo={({ spaceId, channelId }) => ui.go(spaceId, channelId)}
          onFind={channel === null ? null : find}
          onClose={ui.close}
        />
      )
    }
    case 'settings':
      return <Settings profile={profile} spaces={spaces} page={dialog.page} part={dialog.part ?? null} />
    case 'create-channel':
      if (space === null) return null
      return (
        <CreateChannel
          others={others}
          onlyPrivate={!space.may.manageChannels}
          create={(wish) => stores.spaces.createChannel(space.spaceId, wish)}
          onCreated={(made) => ui.go(made.spaceId, made.channelId)}
          onClose={ui.close}
        />
      )
    case 'new-message':
      if (space === null) return null
      return <NewMessage key={space.spaceId} members={everyone} message={messageIn(stores, space.spaceId)} onClose={ui.close} />
    case 'add-people': {
      if (channel === null) return null
      const { channelId } = channel
      const isIn = ({ memberId }: Member) => inChannel.some((member) => member.memberId === memberId)
      return (
        <AddPeople
          key={channelId}
          channel={channel}
          others={others.filter((member) => !isIn(member))}
          add={(memberId) => stores.spaces.addMember(channelId, memberId)}
          onClose={ui.close}
        />
      )
    }
    case 'leave-channel':
      if (channel === null) return null
      return <LeaveChannel channel={channel} leave={() => letGo(stores.spaces.leave)} onClose={ui.close} />
    case 'forget-channel':
      if (channel === null) return null
      return <ForgetDialog space={channel} forget={() => letGo(stores.spaces.forget)} onClose={ui.close} />
    case 'channel-settings': {
      if (channel === null) return null
      const { channelId } = channel
      return (
        <ChannelSettings
          key={channelId}
          channel={channel}
          setKeepDays={(keepDays) => stores.spaces.setKeepDays(channelId, keepDays)}
          onClose={ui.close}
        />
      )
    }
    case 'export':
      if (channel === null) return null
      return <ExportChannel key={channel.channelId} channel={channel} client={client} tasks={stores.tasks} onClose={ui.close} />
    case 'rename-channel':
      if (channel === null) return null
      return (
        <RenameChannel
          key={channel.channelId}
          channel={channel}
          rename={(name) => stores.spaces.renameChannel(channel.channelId, name)}
          onClose={ui.close}
        />
      )
    case 'rename-space':
      return space === null ? null : <RenameSpace space={space} rename={stores.spaces.rename} onClose={ui.close} />
    case 'space-history': {
      if (space === null) return null
      const { history, setHistory } = stores.spaces
      return <HistoryDialog key={space.spaceId} spaceId={space.spaceId} history={history} setHistory={setHistory} onClose={ui.close} />
    }
    case 'channel-history': {
      if (channel === null) return null
      const { history, setHistory } = stores.spaces
      const { membersOf: spaceId } = channel
      return <HistoryDialog key={spaceId} spaceId={spaceId} ofOne history={history} setHistory={setHistory} onClose={ui.close} />
    }
    case 'repair-space':
      return space === null ? null : <RepairDialog of={space} repair={() => stores.spaces.repair(space.spaceId)} onClose={ui.close} />
    case 'repair-channel':
      if (channel === null) return null
      return <RepairDialog of={channel} repair={() => stores.spaces.repair(channel.membersOf)} onClose={ui.close} />
    case 'leave-space':
      return space === null ? null : <LeaveDialog space={space} leave={() => stores.spaces.leave(space.spaceId)} onClose={ui.close} />
    case 'forget-space':
      return space === null ? null : <ForgetDialog space={space} forget={() => stores.spaces.forget(space.spaceId)} onClose={ui.close} />
    case 'member':
      return channel === null ? null : (
        <AboutMember key={dialog.memberId} channel={channel} action={dialog.action} memberId={dialog.memberId} />
      )
    case 'invite':
      if (space === null) return null
      return (
        <InviteDialog
          key={space.spaceId}
          space={space}
          members={everyone}
          calls={stores.invitations}
          copyText={client.copyText}
          onClose={ui.close}
        />
      )
  }
}

/** Nothing once that member is gone, whoever saw to it. */
function AboutMember({ channel, action, memberId }: { channel: Channel; action: MemberDialog; memberId: MemberId }) {
  const { ui, members } = useStores()
  const spaceId = channel.membersOf
  const member = useStore(members.store, (state) => membersOf(state, spaceId).find((known) => known.memberId === memberId))
  if (member === undefined) return null
  switch (action) {
    case 'role':
      return <RoleDialog member={member} setRole={(whom, role) => members.setRole(spaceId, whom, role)} onClose={ui.close} />
    case 'verify':
      return <VerifyDialog spaceId={spaceId} member={member} store={members} onClose={ui.close} />
    case 'remove':
      return (
        <RemoveDialog
          member={member}
          fromChannel={channel.kind !== 'open'}
          remove={(whom) => members.remove(spaceId, whom)}
          onClose={ui.close}
        />
      )
  }
}

interface SettingsProps {
  profile: Profile
  spaces: Space[]
  page: SettingsPage
  part: AboutPart | null
}

function Settings({ profile, spaces, page, part }: SettingsProps) {
  const stores = useStores()
  const { client } = stores
  const connection = useStore(stores.connection.store, (state) => state.connection)
  const names = new Map(spaces.flatMap((space) => space.channels.map((channel) => [channel.channelId, `${space.name} · ${channel.name}`])))
  return (
    <SettingsDialog
      page={page}
      onPage={(next) => stores.ui.show({ kind: 'settings', page: next })}
      onClose={stores.ui.close}
      pages={{
        profile: <ProfilePage profile={profile} rename={stores.profile.rename} copyText={client.copyText} />,
        appearance: <AppearancePage store={stores.settings} />,
        notices: <NoticesPage settings={stores.settings} loginItem={client.loginItem} platform={client.platform} />,
        security: <SecurityPage profile={profile} keys={stores.profile} settings={stores.settings} copyText={client.copyText} />,
        data: <DataPage profile={profile} client={client} backup={stores.backup} tasks={stores.tasks} />,
        connection: (
          <ConnectionPage
            reach={stores.reach}
            tasks={stores.tasks}
            connection={connection.kind === 'ready' ? connection.value : null}
            channelName={(channelId) => names.get(channelId) ?? ''}
          />
        ),
        about: <AboutPage client={client} updates={stores.updates} part={part} />,
      }}
    />
  )
}
