import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useErrorWords } from '../components/error-words.ts'
import { FirstRun } from '../features/profile/first-run.tsx'
import { Unlock } from '../features/profile/unlock.tsx'
import { CannotStart, Unreadable } from '../features/profile/unreadable.tsx'
import { BootSkeleton } from './boot-skeleton.tsx'
import { Shell } from './shell.tsx'
import { useStores } from './stores.ts'
import { useTheme } from './use-theme.ts'

/** What the window shows, decided by the state of the profile alone. */
export function App() {
  const { client, ui, profile } = useStores()
  const words = useErrorWords()
  const status = useStore(profile.store, (state) => state.status)
  useTheme()
  useEffect(() => profile.start(), [profile])
  // A link may be opened before there is a profile: it waits until there is one.
  useEffect(() => client.on('link.opened', ({ link }) => ui.show({ kind: 'join', link, joinId: null })), [client, ui])

  if (status.kind === 'loading') return <BootSkeleton />
  if (status.kind === 'failed') return <CannotStart reason={words(status.error)} retry={() => void profile.retry()} />
  switch (status.value.kind) {
    case 'none':
      return <FirstRun passphraseRequired={status.value.passphraseRequired} create={profile.create} />
    case 'locked':
      return <Unlock passphrase={status.value.passphrase} unlock={profile.unlock} />
    case 'unreadable':
      return <Unreadable reason={status.value.reason} retry={() => void profile.retry()} />
    case 'open':
      return <Shell key={status.value.profile.profileId} profile={status.value.profile} />
  }
}
