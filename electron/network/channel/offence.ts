/**
 * What no honest peer of any version does: a frame that is none, a message that its protocol does not have, something out of its turn, or
 * more at once than one peer may have us keep. What versions, forks, slow lines and full disks bring about is none of these.
 */
export type Offence = 'frame' | 'message' | 'order' | 'flood'

/** Told of each once, after the stream that it came on was reset. */
export type Offended = (offence: Offence) => void
