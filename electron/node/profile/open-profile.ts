import type { Openers } from '../../../shared/domain/models.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { createGroupEngine, fromVersion1 } from '../../crypto/mls/index.ts'
import { faultName } from '../../kernel/logger.ts'
import type { Redacted } from '../../kernel/redacted.ts'
import { createNetwork, publicKeyOf } from '../../network/create-network.ts'
import { mendKeyFile } from '../../storage/key-file/change-key-file.ts'
import { readKeyFile } from '../../storage/key-file/key-file.ts'
import { databasePath } from '../../storage/key-file/profile-folder.ts'
import { openStore } from '../../storage/open-store.ts'
import type { OpenProfile } from '../api/context.ts'
import { backupJob } from '../backup/schedule-job.ts'
import { healthJob } from '../housekeeping/health-job.ts'
import { historyJobs } from '../housekeeping/history-jobs.ts'
import { Housekeeping } from '../housekeeping/housekeeping.ts'
import type { Job } from '../housekeeping/housekeeping.ts'
import { scrubJob } from '../housekeeping/scrub-job.ts'
import { snapshotJob } from '../housekeeping/snapshot-job.ts'
import { Messenger } from '../messenger.ts'
import type { NodeOptions } from '../node-handle.ts'
import { lastEndpoint, readProfile, rememberEndpoint, transportKey, writeNewProfile } from './profile-record.ts'
import { forNetwork, mailboxesOf, readReach } from '../meeting/reach.ts'
import type { Tasks } from '../tasks.ts'

/** Used only where creating a profile was interrupted before its name was stored; it can be changed in the settings. */
const UNFINISHED_NAME = 'Unnamed'

interface Opening {
  /** The name of a profile that is being created; null for one that exists. */
  name: string | null
  emit: (event: NodeEvent) => void
}

/** Opens the database with its key and puts the messenger together; the messenger is not started yet. */
export async function openProfile(options: NodeOptions, key: Redacted<Uint8Array>, opening: Opening): Promise<OpenProfile> {
  const { dataDir, clock, random, logger } = options
  const store = openStore({ file: databasePath(dataDir), key, convert: fromVersion1 })
  try {
    mendKeys(options, key)
    const record = readProfile(store) ?? writeNewProfile(store, opening.name ?? UNFINISHED_NAME, random)
    const engine = await createGroupEngine({ clock, random, logger: logger.child('mls') })
    const messenger = await Messenger.open({
      ...{ store, engine, clock, random, logger },
      emit: opening.emit,
      mailboxes: { mailboxesOf: () => mailboxesOf(store), publicKeyOf },
      createNetwork: async (handlers) => {
        const reach = forNetwork(readReach(store))
        const known = { key: transportKey(store), endpoint: lastEndpoint(store), tcpPort: 0, reach }
        const network = await createNetwork({ clock, random, logger, handlers }, { ...options.network, ...known })
        return { network, started: () => rememberEndpoint(store, network.endpoint()) }
      },
    })
    const housekeeping = new Housekeeping({ clock, logger: logger.child('jobs') })
    return { messenger, record, store, key, housekeeping, openers: openersOf(options) }
  } catch (thrown) {
    store.close()
    throw thrown
  }
}

/** Now that the key has proved right. A profile whose key file cannot be written, for want of room, opens all the same. */
function mendKeys({ dataDir, logger }: NodeOptions, key: Redacted<Uint8Array>): void {
  try {
    if (mendKeyFile(dataDir, key)) logger.info('key-file-mended')
  } catch (thrown) {
    logger.error('key-file-not-mended', { fault: faultName(thrown) })
  }
}

export function openersOf({ dataDir, keyVault }: NodeOptions): Openers {
  const status = readKeyFile(dataDir)
  const { passphrase, recovery } = typeof status === 'string' ? { passphrase: false, recovery: false } : status
  return { passphrase, recovery, passphraseRequired: keyVault?.safe !== true }
}

/** What an open profile does by itself. */
export function jobsOf(profile: OpenProfile, node: { options: NodeOptions; tasks: Tasks }): Job[] {
  const { store, messenger } = profile
  const { clock, logger, random } = node.options
  const history = { store, clock, logger: logger.child('history'), emit: messenger.deps.emit }
  const safety = [
    healthJob({ store, report: (message) => messenger.report(message) }),
    scrubJob({ store, random }),
    snapshotJob({ store, clock }),
  ]
  return [...historyJobs(history), ...safety, backupJob({ profile, ...node })]
}
