import type { ErrorCode } from '../../shared/ipc/error-codes.ts'

/** What each code means to a person, and what to do about it. */
export const errorsEn = {
  usage: 'The window asked for something its node does not know. Start SpacePanda again.',
  invalid: 'That cannot be used as it is. Change it and try again.',
  'no-profile': 'There is no profile here yet.',
  'profile-exists': 'There is already a profile here. Start SpacePanda again to open it.',
  locked: 'SpacePanda is locked. Unlock it first.',
  'wrong-passphrase': 'That is not the passphrase. Nothing was changed; try again.',
  'wrong-recovery-phrase': 'That is not the recovery phrase. Look for a word that is spelled differently or stands in another place.',
  'passphrase-required': 'This computer has no safe keyring. Choose a passphrase to protect your profile.',
  unreadable: 'The profile is here but cannot be read. Nothing was overwritten.',
  'newer-profile': 'This profile was written by a newer SpacePanda. Install that version or a later one to open it; nothing was changed.',
  'upgrade-failed':
    'This version of SpacePanda could not bring your profile up to date, and left it as it was. Try again; if it fails again, install the version you had before.',
  'in-use': 'Another SpacePanda is using this profile. Close it and try again.',
  'not-found': 'It is no longer there.',
  'not-permitted': 'Your role in this space does not allow that.',
  'timed-out': 'It took too long. Try again.',
  cancelled: 'It was cancelled.',
  'too-large': 'That is too long to send in one message. Split it in two.',
  disk: 'The disk did not take it. Check that there is room, then try again.',
  unreachable: 'Nobody who can help is reachable right now. Try again when one of them is online.',
  conflict: 'Someone changed this at the same moment. Try again.',
  returning:
    'This profile was restored from an older copy. Writing starts again by itself when a member who is online lets this device in.',
  'not-member': 'You are no longer in this space. What was said before can be read; nothing more comes or goes.',
  'last-owner': 'You are the last owner of this space. Make somebody else owner first.',
  'already-member': 'You are already in this space.',
  'invitation-malformed': 'This is not a complete invitation link. Copy all of it, from “spacepanda:” to the end.',
  'invitation-expired': 'This invitation has expired. Ask for a new link.',
  'invitation-used-up': 'This invitation has been used as often as it allows. Ask for a new link.',
  'invitation-revoked': 'This invitation was withdrawn. Ask for a new link.',
  'invitation-wrong-space': 'The people at this address do not know this invitation. Ask for a new link.',
  removed: 'You were removed from this space. If that was a mistake, ask for a new link.',
  stopping: 'SpacePanda is closing.',
  internal: 'Something inside SpacePanda went wrong. Nothing was lost; try again.',
} as const satisfies Record<ErrorCode, string>
