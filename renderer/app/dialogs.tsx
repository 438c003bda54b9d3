import { useStore } from 'zustand'
import type { Profile, Space } from '../../shared/domain/models.ts'
import { CreateChannel } from '../features/channels/create-channel.tsx'
import { InviteDialog } from '../features/invitations/invite-dialog.tsx'
import { JoinDialog } from '../features/joins/join-dialog.tsx'
import { JumpDialog } from '../features/jump/jump-dialog.tsx'
import { AppearancePage } from '../features/settings/appearance-page.tsx'
import { ConnectionPage } from '../features/settings/connection-page.tsx'
import { DataPage } from '../features/settings/data-page.tsx'
import { ProfilePage } from '../features/settings/profile-page.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import { CreateSpace } from '../features/spaces/create-space.tsx'
import { useStores } from './stores.ts'

interface DialogsProps {
  profile: Profile
  spaces: Space[]
  space: Space | null
}

/** The one dialog that is open, if any. */
export function Dialogs({ profile, spaces, space }: DialogsProps) {
  const stores = useStores()
  const { ui, client } = stores
  const dialog = useStore(ui.store, (state) => state.dialog)
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
    case 'jump':
      return <JumpDialog spaces={spaces} onGo={({ spaceId, channelId }) => ui.go(spaceId, channelId)} onClose={ui.close} />
    case 'settings':
      return <Settings profile={profile} spaces={spaces} />
    case 'create-channel':
      if (space === null) return null
      return (
        <CreateChannel
          create={(name) => stores.spaces.createChannel(space.spaceId, name)}
          onCreated={(made) => ui.go(made.spaceId, made.channelId)}
          onClose={ui.close}
        />
      )
    case 'invite':
      if (space === null) return null
      return <InviteDialog space={space} calls={stores.invitations} copyText={client.copyText} now={client.now} onClose={ui.close} />
  }
}

function Settings({ profile, spaces }: { profile: Profile; spaces: Space[] }) {
  const stores = useStores()
  const connection = useStore(stores.connection.store, (state) => state.connection)
  const names = new Map(spaces.flatMap((space) => space.channels.map((channel) => [channel.channelId, `${space.name} · ${channel.name}`])))
  return (
    <SettingsDialog
      onClose={stores.ui.close}
      profile={<ProfilePage profile={profile} rename={stores.profile.rename} copyText={stores.client.copyText} />}
      appearance={<AppearancePage store={stores.settings} />}
      connection={
        <ConnectionPage
          connection={connection.kind === 'ready' ? connection.value : null}
          channelName={(channelId) => names.get(channelId) ?? ''}
        />
      }
      data={<DataPage passphrase={profile.passphrase} versions={stores.client.versions} />}
    />
  )
}
