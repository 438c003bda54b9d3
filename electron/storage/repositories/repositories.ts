import type { Repositories } from '../../ports/store.ts'
import type { Connection } from '../sqlite/connection.ts'
import { createCommitRepository } from './commits.ts'
import { createDeliveryRepository } from './deliveries.ts'
import { createDirectoryRepository } from './directory.ts'
import { createGroupRepository } from './groups.ts'
import { createIdentityRepository } from './identities.ts'
import { createIntentRepository } from './intents.ts'
import { createInvitationRepository } from './invitations.ts'
import { createJoinRepository } from './joins.ts'
import { createMessageRepository } from './messages.ts'
import { createMlsStorage } from './mls/mls-storage.ts'
import { createObjectRepository } from './objects.ts'
import { createPeerRepository } from './peers.ts'
import { createSearchIndex } from './search/search-index.ts'
import { createSearchRepository } from './search/search.ts'
import { createSenderRepository } from './senders.ts'
import { createSettingsRepository } from './settings.ts'
import { createWitnessRepository } from './witnesses.ts'

export function createRepositories(db: Connection): Repositories {
  const index = createSearchIndex(db)
  return {
    settings: createSettingsRepository(db),
    identities: createIdentityRepository(db),
    groups: createGroupRepository(db, index),
    mls: createMlsStorage(db),
    objects: createObjectRepository(db),
    commits: createCommitRepository(db),
    witnesses: createWitnessRepository(db),
    intents: createIntentRepository(db),
    deliveries: createDeliveryRepository(db),
    senders: createSenderRepository(db),
    messages: createMessageRepository(db, index),
    search: createSearchRepository(db, index),
    directory: createDirectoryRepository(db),
    peers: createPeerRepository(db),
    invitations: createInvitationRepository(db),
    joins: createJoinRepository(db),
  }
}
