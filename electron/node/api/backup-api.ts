import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { BackupStatus } from '../../../shared/domain/tasks.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { fromVersion1 } from '../../crypto/mls/index.ts'
import { unmovingBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { BackupOpener } from '../../storage/backup/open-backup.ts'
import { restoreBackup } from '../../storage/backup/restore-backup.ts'
import { verifyBackup } from '../../storage/backup/verify-backup.ts'
import { readKeyFile } from '../../storage/key-file/key-file.ts'
import { openStore } from '../../storage/open-store.ts'
import { listSnapshots } from '../../storage/snapshots/snapshots.ts'
import { backUp, demandOpener } from '../backup/back-up.ts'
import { readBackups, writeSchedule } from '../backup/backup-record.ts'
import { demandFolder } from '../backup/demand-folder.ts'
import { scratchFolder } from '../backup/scratch-folder.ts'
import { backUpIfDue } from '../backup/schedule-job.ts'
import { channelSource } from '../export/channel-source.ts'
import { exportChannel } from '../export/export-channel.ts'
import type { ApiContext } from './context.ts'

interface Typed {
  passphrase: string | null
  recoveryPhrase: string | null
}

function absolute(file: string): string {
  if (!isAbsolute(file)) throw new AppError('invalid', 'The path must be absolute.')
  return file
}

/** 0 where it cannot be told: who opens it says why. */
const sizeOfBackup = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0

/** What was typed; else, for who looks at a backup of the open profile, its key. The key is a copy, to be wiped. */
function openerOf({ passphrase, recoveryPhrase }: Typed, { opened }: ApiContext): BackupOpener {
  const key = opened()?.key
  if (passphrase !== null || recoveryPhrase !== null || key === undefined) return { kind: 'typed', passphrase, recoveryPhrase }
  return { kind: 'key', key: new Redacted(unmovingBytes(key.reveal())) }
}

function statusOf({ open, options }: ApiContext): BackupStatus {
  const { store } = open()
  const snapshots = listSnapshots(options.dataDir).map(({ at, bytes }) => ({ at, bytes }))
  return { ...readBackups(store), snapshots, dataFolder: options.dataDir }
}

export const backupApi = (context: ApiContext) =>
  ({
    'backup.create': async ({ file, passphrase }) => {
      const profile = context.open()
      const { options, tasks } = context
      absolute(file)
      demandOpener(options.dataDir, passphrase)
      return tasks.start('backup', (work) => backUp({ profile, options, file, replace: false, passphrase, awaited: true }, work))
    },

    'backup.verify': async ({ file, ...typed }) => {
      absolute(file)
      return context.tasks.start('verify', async (work) => {
        const opener = openerOf(typed, context)
        try {
          const scratch = scratchFolder([context.options.dataDir], await sizeOfBackup(file))
          return { kind: 'verify', file, ...(await verifyBackup(file, opener, scratch, work)) }
        } finally {
          if (opener.kind === 'key') opener.key.wipe()
        }
      })
    },

    'backup.restore': async ({ file, ...typed }) => {
      const { dataDir, random } = context.options
      absolute(file)
      if (readKeyFile(dataDir) !== 'absent') {
        throw new AppError('profile-exists', 'There is a profile here already. A backup is restored only where there is none.')
      }
      return context.tasks.start('restore', (work) =>
        context.whileClosed(work, async () => {
          const restore = {
            ...{ file, dir: dataDir, opener: { kind: 'typed', ...typed } as const },
            openStore: (path: string, key: Redacted<Uint8Array>) => openStore({ file: path, key, convert: fromVersion1, random }),
            prepare: (store: ReturnType<typeof openStore>) => store.putBack(),
          }
          const { spaces, messages } = await restoreBackup(restore, work)
          return { kind: 'restore', file, spaces, messages }
        }),
      )
    },

    'backup.status': async () => statusOf(context),

    'backup.setSchedule': async ({ schedule }) => {
      const profile = context.open()
      const { options, tasks } = context
      if (schedule !== null) {
        demandOpener(options.dataDir, null)
        await demandFolder(absolute(schedule.folder))
      }
      writeSchedule(profile.store, schedule)
      // The first one at once: what is not possible is better known while somebody is looking.
      void backUpIfDue({ profile, options, tasks }, new AbortController().signal)
      return statusOf(context)
    },

    'export.channel': async ({ channelId, format, file }) => {
      const source = channelSource(context.open().store, channelId)
      const { clock } = context.options
      absolute(file)
      return context.tasks.start('export', async (work) => {
        const messages = await exportChannel(source, format, file, clock.now(), work)
        return { kind: 'export', file, messages }
      })
    },
  }) satisfies Partial<Api>
