import type { Repositories } from '../../ports/store.ts'
import type { Connection } from '../sqlite/connection.ts'
import { createDeliveryRepository } from './deliveries.ts'
import { createDirectoryRepository } from './directory.ts'
import { createEpochRepository } from './epochs.ts'
import { createGroupRepository } from './groups.ts'
import { createIdentityRepository } from './identities.ts'
import { createInvitationRepository } from './invitations.ts'
import { createJoinRepository } from './joins.ts'
import { createMessageRepository } from './messages.ts'
import { createObjectRepository } from './objects.ts'
import { createPeerRepository } from './peers.ts'
import { createSenderRepository } from './senders.ts'
import { createSettingsRepository } from './settings.ts'

export const createRepositories = (db: Connection): Repositories => ({
  settings: createSettingsRepository(db),
  identities: createIdentityRepository(db),
  groups: createGroupRepository(db),
  epochs: createEpochRepository(db),
  objects: createObjectRepository(db),
  deliveries: createDeliveryRepository(db),
  senders: createSenderRepository(db),
  messages: createMessageRepository(db),
  directory: createDirectoryRepository(db),
  peers: createPeerRepository(db),
  invitations: createInvitationRepository(db),
  joins: createJoinRepository(db),
})
