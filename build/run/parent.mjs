/** How soon after its parent's end a child is asked to end. */
const lookEveryMs = 500

/**
 * Passes on what asks us to end. npm runs a script by way of a shell that does not hand on signals, so that whoever ends
 * npm leaves us behind: the end of our parent counts as being asked, too.
 * @param {{ kill: (signal: NodeJS.Signals) => boolean }} child
 * @returns {() => void} ends the watch
 */
export const endWithParent = (child) => {
  const parent = process.ppid
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  const passOn = signals.map((signal) => ({ signal, listener: () => void child.kill(signal) }))
  for (const { signal, listener } of passOn) process.on(signal, listener)
  const look = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, lookEveryMs)
  look.unref()
  return () => {
    clearInterval(look)
    for (const { signal, listener } of passOn) process.off(signal, listener)
  }
}
