/**
 * A device that was put back from an older copy does not know how far it had counted its messages. It counts on from a place
 * that is its own for certain: the epoch in which it came back, times this. Epochs only grow, so no two returns share an era,
 * and nobody has to be asked what was sent before. Era 0 is that of devices which never returned.
 */
const ERA = 2 ** 32

/** The epoch in which a sender that counts like this came back last; 0 if it never did. */
export const eraOf = (seq: number): number => Math.floor(seq / ERA)

/** What a device has counted to as its era begins. Exact for epochs below 2^20. */
export const beginningOf = (era: number): number => era * ERA

/** Whether any device counts a message like this: an era begins after its first number. Runs that began there would end before. */
export const isCounted = (seq: number): boolean => seq % ERA !== 0
