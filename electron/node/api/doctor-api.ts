import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { readKeyFile } from '../../storage/key-file/key-file.ts'
import { checkClosed, checkOpen, repairClosed } from '../doctor/run-doctor.ts'
import type { ApiContext } from './context.ts'

/** Works on whatever there is: an open, a locked or an unreadable profile. A repair closes an open one for its time. */
export const doctorApi = (context: ApiContext) =>
  ({
    'doctor.run': async ({ repair, ...typed }) => {
      const { options, tasks, whileClosed } = context
      if (readKeyFile(options.dataDir) === 'absent') throw new AppError('no-profile', 'There is no profile in this folder.')
      if (repair) {
        return tasks.start('repair', (work) =>
          whileClosed(work, async (key) => ({ kind: 'repair', checks: await repairClosed(options, key, typed, work) })),
        )
      }
      return tasks.start('check', async (work) => {
        const profile = context.opened()
        if (profile !== null) return { kind: 'check', checks: await checkOpen(options, profile.store, work) }
        return whileClosed(work, async (key) => ({ kind: 'check', checks: await checkClosed(options, key, typed, work) }))
      })
    },
  }) satisfies Partial<Api>
