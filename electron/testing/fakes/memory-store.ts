import { AppError, invariant } from '../../kernel/errors.ts'
import type { Repositories, Store } from '../../ports/store.ts'
import { memoryCommits, memoryIntents, memoryWitnesses } from './memory-store/branches.ts'
import { memoryDirectory, memoryPeers } from './memory-store/directory.ts'
import { memoryGroups, memorySenders } from './memory-store/groups.ts'
import { memoryMessages, messageTables } from './memory-store/messages.ts'
import { MLS_WRITES, memoryMlsStorage } from './memory-store/mls/mls-storage.ts'
import { memoryDeliveries, memoryObjects, namelessObjects, objectTables } from './memory-store/objects.ts'
import { memorySearch } from './memory-store/search.ts'
import { Journal } from './memory-store/table.ts'
import { memoryIdentities, memoryInvitations, memoryJoins, memorySettings } from './memory-store/values.ts'

/** The store's port in memory: the same rules (the contract suite says so), none of the durability. */
export function createMemoryStore(): Store {
  const journal = new Journal()
  let open = true
  const assertOpen = (): void => {
    if (!open) throw new AppError('stopping', 'The profile is closed.')
  }
  const repositories = createRepositories(journal, assertOpen)
  return {
    ...repositories,
    transaction: (work) => {
      assertOpen()
      return journal.transaction(() => work(repositories))
    },
    changes: () => {
      assertOpen()
      return journal.changes
    },
    close: () => {
      invariant(!journal.active, 'closed inside a transaction')
      open = false
    },
  }
}

function createRepositories(journal: Journal, assertOpen: () => void): Repositories {
  const tables = objectTables(journal)
  const groups = memoryGroups(journal)
  const history = messageTables(journal)
  const messages = memoryMessages(history, groups, namelessObjects(tables))
  const directory = memoryDirectory(journal)
  const repositories: Repositories = {
    settings: memorySettings(journal),
    identities: memoryIdentities(journal),
    groups: {
      ...groups,
      forget: (groupId, limit) => {
        for (const { channelId } of directory.channels(groupId))
          for (const table of [history.marks, history.keeping]) table.delete(channelId)
        return groups.forget(groupId, limit)
      },
    },
    mls: memoryMlsStorage(journal),
    objects: memoryObjects(tables, groups),
    commits: memoryCommits(journal),
    witnesses: memoryWitnesses(journal),
    intents: memoryIntents(journal),
    deliveries: memoryDeliveries(tables, messages),
    senders: memorySenders(journal),
    messages,
    search: memorySearch(history),
    directory,
    peers: memoryPeers(journal),
    invitations: memoryInvitations(journal),
    joins: memoryJoins(journal),
  }
  return guarded(repositories, assertOpen, journal)
}

/** Methods that write, also where they happen to change nothing. */
const WRITES = new Set<string | symbol>(
  'set put delete prune owe ack ackThrough forgive add addShared markRead deleteForMe setKeepDays sweep indexMore forget replace putLink putGrant dropGrant note drop dropAround move setFailure'
    .split(' ')
    .concat(MLS_WRITES),
)

/** Every method fails once the store is closed, and those that write outside a transaction too. */
function guarded(repositories: Repositories, assertOpen: () => void, journal: Journal): Repositories {
  const guard = <R extends object>(repository: R): R =>
    new Proxy(repository, {
      get: (target, name, receiver) => {
        assertOpen()
        if (WRITES.has(name)) invariant(journal.active, 'a write outside a transaction')
        return Reflect.get(target, name, receiver) as unknown
      },
    })
  return Object.fromEntries(
    Object.entries(repositories).map(([name, repository]) => [name, guard(repository as object)]),
  ) as unknown as Repositories
}
