import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Profile, ProfileStatus } from '../../shared/domain/models.ts'
import type { Loadable } from '../bridge/follow.ts'
import { useErrorWords } from '../components/error-words.ts'
import { dropStill, isStillThere } from '../components/take-over.ts'
import { FirstRun } from '../features/profile/first-run.tsx'
import { InUse } from '../features/profile/in-use.tsx'
import { OtherVersion } from '../features/profile/other-version.tsx'
import { Unlock } from '../features/profile/unlock.tsx'
import { CannotStart, Unreadable } from '../features/profile/unreadable.tsx'
import { UpdateNotice } from '../features/updates/update-notice.tsx'
import { BootSkeleton } from './boot-skeleton.tsx'
import { Frame } from './frame.tsx'
import { Shell } from './shell.tsx'
import { createStores, StoresContext, useWindowStores } from './stores.ts'
import { useTheme } from './use-theme.ts'

/** What the window shows, decided by the state of the profile; at its foot, whatever that is, that there is a newer version. */
export function App() {
  const { client, ui, profile, tasks, updates } = useWindowStores()
  const status = useStore(profile.store, (state) => state.status)
  const open = status.kind === 'ready' && status.value.kind === 'open'
  const closed = status.kind === 'ready' && !open
  const wasOpen = useRef(false)
  useTheme()
  useEffect(() => profile.start(), [profile])
  useEffect(() => tasks.start(), [tasks])
  useEffect(() => updates.start(), [updates])
  useEffect(() => {
    if (open) wasOpen.current = true
    if (!closed) return
    // Where none was open nobody was anywhere, and a link may have been opened already.
    if (wasOpen.current) ui.leave()
    wasOpen.current = false
    tasks.clear()
  }, [open, closed, ui, tasks])
  // A link may be opened before there is a profile: it waits until there is one.
  useEffect(() => client.on('link.opened', ({ link }) => ui.show({ kind: 'join', link, joinId: null })), [client, ui])

  // It may have opened the window: the place waits for the profile, which may wait for its person.
  useEffect(
    () =>
      client.on('notice.opened', ({ spaceId, channelId, messageId }) =>
        messageId === null ? ui.go(spaceId, channelId) : ui.goTo(spaceId, channelId, messageId),
      ),
    [client, ui],
  )

  // After the form below has gone on from it, if it did.
  useLayoutEffect(() => {
    if (status.kind !== 'loading') dropStill()
  }, [status.kind])

  if (status.kind === 'loading') return isStillThere() ? null : <BootSkeleton />
  // An update may be what a profile that cannot be opened waits for. Settings are there for an open one only.
  const details = closed || status.kind === 'failed' ? null : () => ui.show({ kind: 'settings', page: 'about', part: 'updates' })
  return (
    <Frame foot={<UpdateNotice updates={updates} onDetails={details} />}>
      <Content status={status} />
    </Frame>
  )
}

function Content({ status }: { status: Exclude<Loadable<ProfileStatus>, { kind: 'loading' }> }) {
  const { client, profile, tasks, updates } = useWindowStores()
  const words = useErrorWords()
  const repairs = useRepairs()
  if (status.kind === 'failed') return <CannotStart reason={words(status.error)} retry={() => void profile.retry()} />
  switch (status.value.kind) {
    case 'none':
      return <FirstRun passphraseRequired={status.value.passphraseRequired} profile={profile} client={client} tasks={tasks} />
    case 'in-use':
      return <InUse profile={profile} />
    case 'locked':
      return <Unlock openers={status.value} profile={profile} tasks={tasks} />
    case 'unreadable': {
      const { code } = status.value
      if (code !== 'unreadable') return <OtherVersion code={code} profile={profile} updates={updates} />
      return <Unreadable status={status.value} profile={profile} client={client} tasks={tasks} />
    }
    case 'open':
      return <Open key={`${status.value.profile.profileId}${repairs}`} profile={status.value.profile} />
  }
}

/** How often the profile was repaired: what was known of it before may not be so any more. */
function useRepairs(): number {
  const { client } = useWindowStores()
  const [count, setCount] = useState(0)
  useEffect(
    () =>
      client.on('task.changed', ({ state }) => {
        if (state.kind === 'done' && state.result.kind === 'repair') setCount((before) => before + 1)
      }),
    [client],
  )
  return count
}

/** An open profile. All that is known of it lives in here, and goes with it when it is closed. */
function Open({ profile }: { profile: Profile }) {
  const window = useWindowStores()
  const [stores] = useState(() => createStores(window))
  return (
    <StoresContext value={stores}>
      <Shell profile={profile} />
    </StoresContext>
  )
}
