/**
 * Tells the person what is being done, one line a step, on standard error: standard output
 * belongs to what was asked for (`electron-path` and the command line print JSON there).
 * @param {string} text
 */
export const step = (text) => void process.stderr.write(`• ${text}\n`)

/**
 * A reason to stop that the person can act on; printed without a stack.
 */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError'
}

/**
 * Runs a script's body; a SetupError becomes its message and exit status 1.
 * @param {() => Promise<number | void>} body resolves with the exit status, nothing meaning 0
 */
export const runScript = async (body) => {
  try {
    process.exitCode = (await body()) ?? 0
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
