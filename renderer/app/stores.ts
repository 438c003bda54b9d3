import { createContext, use } from 'react'
import type { Client } from '../bridge/client.ts'
import { createConnectionStore } from '../features/connection/connection-store.ts'
import { createDraftsStore } from '../features/conversation/drafts-store.ts'
import { createMessagesStore } from '../features/conversation/messages-store.ts'
import { createQuotesStore } from '../features/conversation/quotes-store.ts'
import { createInvitationCalls } from '../features/invitations/invitations.ts'
import { createJoinsStore } from '../features/joins/joins-store.ts'
import { createMembersStore } from '../features/members/members-store.ts'
import { createProfileStore } from '../features/profile/profile-store.ts'
import { createSearchStore } from '../features/search/search-store.ts'
import { createBackupStore } from '../features/settings/backup-store.ts'
import { createReachStore } from '../features/settings/reach-store.ts'
import { createSettingsStore } from '../features/settings/settings-store.ts'
import { createSpacesStore } from '../features/spaces/spaces-store.ts'
import { createTasksStore } from '../bridge/tasks-store.ts'
import { createUpdatesStore } from '../bridge/updates-store.ts'
import { followTwins } from './follow-twins.ts'
import { createUiStore } from './ui-store.ts'

/** What the window has whether or not a profile is open, made once for one client. Nothing in it is anybody's content. */
export function createWindowStores(client: Client, storage: Storage) {
  return {
    client,
    ui: createUiStore(storage),
    profile: createProfileStore(client),
    tasks: createTasksStore(client),
    settings: createSettingsStore(client),
    updates: createUpdatesStore(client),
  }
}

export type WindowStores = ReturnType<typeof createWindowStores>

/** Everything the window knows of an open profile. It is made when the profile opens and let go of when it closes. */
export function createStores(window: WindowStores) {
  const { client } = window
  const messages = createMessagesStore(client)
  return {
    ...window,
    spaces: createSpacesStore(client),
    members: createMembersStore(client),
    messages,
    quotes: createQuotesStore(client),
    search: createSearchStore(client),
    drafts: createDraftsStore(client, messages.send),
    invitations: createInvitationCalls(client),
    joins: createJoinsStore(client),
    connection: createConnectionStore(client),
    reach: createReachStore(client),
    backup: createBackupStore(client),
  }
}

export type Stores = ReturnType<typeof createStores>

/** Begins to follow what an open profile has. Returns the function that stops it. */
export function followProfile(stores: Stores): () => void {
  const { spaces, members, messages, quotes, search, drafts, joins, connection, settings, tasks } = stores
  const stops = [members, messages, quotes, search, drafts, joins, connection, spaces].map((store) => store.start())
  stops.push(followTwins(stores), settings.start())
  void settings.load()
  void tasks.load()
  return () => {
    for (const stop of stops) stop()
  }
}

export const WindowContext = createContext<WindowStores | null>(null)
export const StoresContext = createContext<Stores | null>(null)

/** For what is drawn whether or not a profile is open. */
export function useWindowStores(): WindowStores {
  const stores = use(WindowContext)
  if (stores === null) throw new Error('useWindowStores outside of WindowContext')
  return stores
}

/** For what is drawn of an open profile. */
export function useStores(): Stores {
  const stores = use(StoresContext)
  if (stores === null) throw new Error('useStores outside of StoresContext')
  return stores
}
