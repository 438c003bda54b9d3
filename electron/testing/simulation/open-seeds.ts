/**
 * Worlds that fail, and why that is not settled yet. 192: two newcomers came by an invitation that was made, and revoked with its maker, on
 * a branch that lost. Where all others are it was never known, so they are put off for ever; and one of them came in after the presence key
 * had changed there, so that the others do not even recognise it.
 */
export const OPEN: readonly number[] = [192]

/** With hostile members. */
export const OPEN_HOSTILE: readonly number[] = []
