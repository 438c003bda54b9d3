import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An application that does nothing but open a window with one field in it, of the size ours opens, when it is ready to be shown. */
const MAIN = `import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'
app.setPath('userData', join(process.env.SPACEPANDA_DATA_DIR, 'window'))
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false })
  window.once('ready-to-show', () => {
    window.show()
    performance.mark('spacepanda:window-shown')
  })
  return window.loadFile(join(import.meta.dirname, 'index.html'))
})
`
const PAGE = '<!doctype html><html lang="en"><title>Bare</title><body><form><input></form></body></html>\n'

/** Writes it below `folder`, readable for whoever runs it, and answers where. */
export async function writeBareApp(folder: string): Promise<string> {
  const place = join(folder, 'bare-app')
  await mkdir(place, { recursive: true, mode: 0o755 })
  const about = { name: 'bare-window', version: '1.0.0', private: true, type: 'module', main: 'main.mjs' }
  await writeFile(join(place, 'package.json'), JSON.stringify(about), { mode: 0o644 })
  await writeFile(join(place, 'main.mjs'), MAIN, { mode: 0o644 })
  await writeFile(join(place, 'index.html'), PAGE, { mode: 0o644 })
  return place
}
