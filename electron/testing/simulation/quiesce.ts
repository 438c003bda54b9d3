/**
 * Waits until nothing runs any more: no promise can go on and no `setImmediate` is due. What waits for the network or for a
 * timer waits for an event of the world, and so is not running. No real time passes here but that of the work itself.
 */
export async function quiesce(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve))
  while (process.getActiveResourcesInfo().includes('Immediate'))
}
