/**
 * Loaded before the application (`-r`), by the stock runtime and by ours. Does nothing unless Playwright started us.
 *
 * Playwright attaches to pages while it connects; a page that navigates at that very moment is lost to it, and its launch
 * never ends (once in fifty starts here). So windows wait until it says that it is connected: it always evaluates
 * `__playwright_run()` then, which its own preloaded script answers where it may choose how Electron is started.
 */
const { app } = require('electron')

/** Another driver may use the same switches and never say so. */
const patienceMs = 5_000

const driven = ['--inspect=', '--remote-debugging-port='].every((name) => process.argv.some((argument) => argument.startsWith(name)))

if (driven) {
  const electronReady = app.whenReady()
  /** @type {Promise<void>} */
  const connected = new Promise((resolve) => {
    Object.assign(globalThis, { __playwright_run: () => resolve() })
    void electronReady.then(() => setTimeout(resolve, patienceMs))
  })
  let ready = false
  const released = Promise.all([electronReady, connected]).then(() => {
    ready = true
  })
  app.whenReady = () => released
  app.isReady = () => ready
}
