import type { JoinStep } from '../../../shared/domain/models.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'

const texts: Partial<Record<ErrorCode, string>> = {
  'invitation-malformed': 'This invitation is damaged or was changed on the way. Ask for a new one.',
  'invitation-expired': 'This invitation has expired. Ask for a new one.',
  'invitation-used-up': 'This invitation was used as often as it allows. Ask for a new one.',
  'invitation-revoked': 'This invitation was withdrawn. Ask for a new one.',
  'invitation-wrong-space': 'The person who answered is not in this space. Ask for a new invitation.',
  'already-member': 'You are in this space already.',
  'not-permitted': 'The person who answered may not let anyone in. Ask for an invitation from someone who may.',
  removed: 'You were removed from this space. If that was a mistake, ask for a new invitation.',
  returning: 'Members of the space are asked to let this device in. It waits for one who is online.',
  unreachable:
    'Nobody named in the invitation can be reached right now. SpacePanda keeps trying until it expires, and goes on by itself once one of them opens theirs.',
  'timed-out': 'The other side did not answer in time. SpacePanda keeps trying until the invitation expires.',
}

const NOT_WHOLE =
  'This is no whole invitation link. Copy all of it, from its first letters to its last; if that does not help, ask for a new one.'
const NOT_YET =
  'A member answered and cannot let you in yet: most likely this invitation is not known there so far. SpacePanda keeps asking. If it takes long, ask for a new one.'
const LET_IN =
  'Somebody let you in, and what you need to come in has not arrived. If it does not come in a moment, another member lets you in instead.'
const REMOVED =
  'Somebody removed you before you were in. SpacePanda goes on asking, in case that is undone. If it takes long, ask for a new invitation.'
const OTHERWISE = 'Joining did not work this time. SpacePanda keeps trying until the invitation expires.'

/** What a code means to the person who joins, and what they can do. */
export function refusalText(code: ErrorCode, step: JoinStep): string {
  // Nobody was asked yet: it is as it was pasted.
  if (step === 'connecting' && code === 'invitation-malformed') return NOT_WHOLE
  // Whoever is there and does not answer was asked before.
  if (step === 'connecting' && code === 'timed-out') return refusalText('unreachable', step)
  if (step === 'admitting') return code === 'returning' ? LET_IN : code === 'removed' ? REMOVED : NOT_YET
  return texts[code] ?? OTHERWISE
}
