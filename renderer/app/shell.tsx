import { useEffect } from 'react'
import { Settings as SettingsIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Profile, Space } from '../../shared/domain/models.ts'
import type { Task } from '../../shared/domain/tasks.ts'
import { Announcer } from '../components/announcer.tsx'
import { IconButton } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { ConnectionStatus } from '../features/connection/connection-status.tsx'
import { UnmetNotes } from '../features/connection/unmet-notes.tsx'
import { JoinRows, JoinTiles } from '../features/joins/join-tiles.tsx'
import { HistoryNotes } from '../features/spaces/history-notes.tsx'
import { LeavingNotes } from '../features/spaces/leaving-notes.tsx'
import { Rail } from '../features/spaces/rail.tsx'
import { Welcome } from '../features/spaces/welcome.tsx'
import { TaskBar } from '../features/tasks/task-bar.tsx'
import { Dialogs } from './dialogs.tsx'
import { SpaceView } from './space-view.tsx'
import { followProfile, useStores } from './stores.ts'
import { useAnnouncements } from './use-announcements.ts'
import { usePlace } from './use-place.ts'
import { useShortcuts } from './use-shortcuts.ts'
import css from './shell.module.css'

/** The window of an open profile: the rail, and the space that is open or the welcome. */
export function Shell({ profile }: { profile: Profile }) {
  const stores = useStores()
  const { ui } = stores
  const { t } = useTranslation()
  useEffect(() => followProfile(stores), [stores])
  useShortcuts(ui, stores.search)
  const place = usePlace()

  const create = () => ui.show({ kind: 'create-space' })
  const join = () => ui.show({ kind: 'join', link: '', joinId: null })
  const settings = (
    <IconButton
      label={t('settings.title')}
      icon={<SettingsIcon size={20} strokeWidth={1.75} />}
      tipSide="right"
      data-roving
      onClick={() => ui.show({ kind: 'settings', page: 'profile' })}
    />
  )
  return (
    <div className={css['shell']}>
      <div className={css['titlebar']} />
      <div className={css['window']}>
        <Rail spaces={place.spaces} current={place.space?.spaceId ?? null} onOpen={ui.go} onCreate={create} onJoin={join} end={settings}>
          <JoinTiles store={stores.joins} spaces={place.spaces} onOpen={(joinId) => ui.show({ kind: 'join', link: '', joinId })} />
        </Rail>
        {place.space === null ? (
          <div className={css['place']}>
            <div className={css['first']}>
              <main className={css['main']} aria-label={t('app.name')}>
                {place.failed ? <Notice text={t('spaces.loadFailed')} action={t('app.tryAgain')} onAction={stores.spaces.retry} /> : null}
                {place.loading || place.failed ? null : (
                  <Welcome name={profile.name} onCreate={create} onJoin={join}>
                    <JoinRows store={stores.joins} spaces={place.spaces} onOpen={(joinId) => ui.show({ kind: 'join', link: '', joinId })} />
                  </Welcome>
                )}
              </main>
              <div className={css['corner']}>
                <ConnectionStatus store={stores.connection} />
              </div>
            </div>
          </div>
        ) : (
          <SpaceView profile={profile} spaces={place.spaces} space={place.space} channel={place.channel} gone={place.gone} />
        )}
      </div>
      <UnmetNotes store={stores.connection} />
      <HistoryNotes spaces={place.spaces} />
      <Leaving spaces={place.leaving} />
      <Tasks />
      <Dialogs profile={profile} spaces={place.spaces} space={place.space} channel={place.channel} />
      <News open={place.channel?.channelId ?? null} />
    </div>
  )
}

/** By itself, so that what is said of a message draws nothing else anew. */
function News({ open }: { open: ChannelId | null }) {
  const { client } = useStores()
  useEffect(() => client.looksAt(open), [client, open])
  useEffect(() => () => client.looksAt(null), [client])
  return <Announcer text={useAnnouncements(open)} />
}

function Leaving({ spaces }: { spaces: readonly Space[] }) {
  const { connection } = useStores()
  const known = useStore(connection.store, (state) => state.connection)
  const ready = known.kind === 'ready' ? known.value.peers.filter(({ state }) => state === 'ready') : []
  const connected = new Set(ready.flatMap(({ members }) => members.map(({ spaceId }) => spaceId)))
  return <LeavingNotes spaces={spaces} isConnected={(spaceId) => connected.has(spaceId)} />
}

/** Long work shows at the foot of the window while no dialog is open that might show it in full. */
function Tasks() {
  const { ui, tasks } = useStores()
  const dialog = useStore(ui.store, (state) => state.dialog)
  if (dialog !== null) return null
  const show = ({ kind }: Task) =>
    ui.show(kind === 'export' ? { kind: 'export' } : { kind: 'settings', page: kind === 'connection' ? 'connection' : 'data' })
  return <TaskBar tasks={tasks} onShow={show} />
}
