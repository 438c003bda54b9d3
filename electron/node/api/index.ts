import type { Api } from '../../../shared/ipc/contract.ts'
import type { ProfileKeeper } from '../profile/profile-keeper.ts'
import { backupApi } from './backup-api.ts'
import { channelsApi } from './channels-api.ts'
import { connectionApi } from './connection-api.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import type { ApiContext } from './context.ts'
import { draftsApi } from './drafts-api.ts'
import { doctorApi } from './doctor-api.ts'
import { invitationsApi } from './invitations-api.ts'
import { membersApi } from './members-api.ts'
import { messagesApi } from './messages-api.ts'
import { lifecycleApi, profileApi } from './profile-api.ts'
import { spacesApi } from './spaces-api.ts'

/** All calls, watched while they run: those that open and close a profile are not, because closing waits for the others. */
export function createApi(context: ApiContext, keeper: ProfileKeeper, calls: CallsInFlight): Api {
  const closedMeanwhile = (): void => void context.open()
  return { ...calls.watch(callsOf(context), closedMeanwhile), ...lifecycleApi(keeper) }
}

const callsOf = (context: ApiContext) =>
  ({
    ...profileApi(context),
    ...spacesApi(context),
    ...channelsApi(context),
    ...membersApi(context),
    ...invitationsApi(context),
    ...messagesApi(context),
    ...draftsApi(context),
    ...backupApi(context),
    ...doctorApi(context),
    ...connectionApi(context),

    'tasks.list': async () => context.tasks.list(),
    'tasks.cancel': async ({ taskId }) => context.tasks.cancel(taskId),
  }) satisfies Partial<Api>
