import { createContext, use } from 'react'
import type { Client } from '../bridge/client.ts'
import { createConnectionStore } from '../features/connection/connection-store.ts'
import { createDraftsStore } from '../features/conversation/drafts-store.ts'
import { createMessagesStore } from '../features/conversation/messages-store.ts'
import { createInvitationCalls } from '../features/invitations/invitations.ts'
import { createJoinsStore } from '../features/joins/joins-store.ts'
import { createMembersStore } from '../features/members/members-store.ts'
import { createProfileStore } from '../features/profile/profile-store.ts'
import { createSettingsStore } from '../features/settings/settings-store.ts'
import { createSpacesStore } from '../features/spaces/spaces-store.ts'
import { createUiStore } from './ui-store.ts'

/** Everything the window knows, made once for one client. */
export function createStores(client: Client, storage: Storage) {
  const messages = createMessagesStore(client)
  return {
    client,
    ui: createUiStore(storage),
    profile: createProfileStore(client),
    spaces: createSpacesStore(client),
    members: createMembersStore(client),
    messages,
    drafts: createDraftsStore(messages.send),
    invitations: createInvitationCalls(client),
    joins: createJoinsStore(client),
    connection: createConnectionStore(client),
    settings: createSettingsStore(client),
  }
}

export type Stores = ReturnType<typeof createStores>

/** Begins to follow what an open profile has. Returns the function that stops it. */
export function followProfile(stores: Stores): () => void {
  const { spaces, members, messages, joins, connection, settings } = stores
  const stops = [members, messages, joins, connection, spaces].map((store) => store.start())
  void settings.load()
  return () => {
    for (const stop of stops) stop()
  }
}

export const StoresContext = createContext<Stores | null>(null)

export function useStores(): Stores {
  const stores = use(StoresContext)
  if (stores === null) throw new Error('useStores outside of StoresContext')
  return stores
}
