/**
 * The application inside the fallback runtime, which lacks the stock one: like it, starts the application
 * whose folder is the first argument that is no switch. Top-level await keeps Electron's `ready` back until
 * the application's main module has run, as the stock one does.
 */
import { app } from 'electron'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const words = process.argv.slice(1)
/** Modules to load first, as `-r` asks for them. @type {string[]} */
const preloads = []
/** @type {string | undefined} */
let folder
for (let word = words.shift(); word !== undefined && folder === undefined; word = words.shift()) {
  if (word === '-r' || word === '--require') preloads.push(resolve(words.shift() ?? ''))
  else if (!word.startsWith('-')) folder = word
}
if (folder === undefined) {
  process.stderr.write('Give the folder of an application as an argument.\n')
  process.exit(2)
}
const appFolder = resolve(folder)
/** @type {{ main: string, name: string, version: string, productName?: string }} */
const about = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))

// Written by the set-up of that checkout: what this runtime, older than the one released, needs besides.
const runtimeFile = join(appFolder, 'dist', 'runtime.json')
if (Number(process.versions.napi) < 10 && existsSync(runtimeFile)) {
  /** @type {{ sqliteBinding: string }} */
  const runtime = JSON.parse(readFileSync(runtimeFile, 'utf8'))
  process.env.SPACEPANDA_SQLITE_BINDING ??= runtime.sqliteBinding
} // Not in Electron's published types; its stock application uses them too.

/** @type {{ process: { defaultApp?: boolean }, app: { setVersion: (version: string) => void, setAppPath: (path: string) => void } }} */
const inner = /** @type {any} */ ({ process, app })
inner.process.defaultApp = true
inner.app.setVersion(about.version)
inner.app.setAppPath(appFolder)
app.setName(about.productName ?? about.name)

for (const preload of preloads) createRequire(import.meta.url)(preload)
await import(pathToFileURL(join(appFolder, about.main)).href)
