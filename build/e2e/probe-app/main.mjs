import { createRequire } from 'node:module'
import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'

// The least that shows what a window of ours stands on: a sandboxed page, and the native database where the set-up put it.

/**
 * @param {string} appFolder the application whose native packages to use
 * @returns {{ version: string, text: string }}
 */
const askSqlite = (appFolder) => {
  /** @type {(path: string, options: { nativeBinding?: string }) => { prepare: (sql: string) => { get: (value: string) => { version: string, text: string } } }} */
  const open = createRequire(join(appFolder, 'package.json'))('better-sqlite3')
  const nativeBinding = process.env.SPACEPANDA_SQLITE_BINDING
  const database = open(':memory:', nativeBinding === undefined ? {} : { nativeBinding })
  return database.prepare('select sqlite_version() as version, ? as text').get('grüße')
}

Object.assign(globalThis, { askSqlite })
app.on('window-all-closed', () => app.quit())
// Not awaited here: Electron is ready only once this module has run.
void app.whenReady().then(async () => {
  const window = new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false } })
  await window.loadURL('data:text/html,<title>probe</title><h1>Probe</h1>')
})
