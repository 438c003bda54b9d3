import type { Clock } from '../kernel/clock.ts'
import { within } from '../kernel/within.ts'
import type { Messenger } from './messenger.ts'

/** Most of it goes out in a moment: who writes and quits waits no longer than this. */
const GO_OUT_WITHIN_MS = 500
const PUT_WITHIN_MS = 1_500

/**
 * Before a messenger stops, or the computer sleeps: what was written a moment ago goes to those who are connected, and what they have not got, like
 * all that is for others, into the mailboxes. However slow those are, this ends; what has not gone by then goes with the next start.
 */
export async function part({ correspondence, mailboxes }: Pick<Messenger, 'correspondence' | 'mailboxes'>, clock: Clock): Promise<void> {
  await within(clock, GO_OUT_WITHIN_MS, correspondence.idle())
  await mailboxes.part(PUT_WITHIN_MS)
}
