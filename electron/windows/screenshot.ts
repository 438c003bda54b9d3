import { rename, writeFile } from 'node:fs/promises'
import type { BrowserWindow } from 'electron'
import type { Clock } from '../kernel/clock.ts'

/** Transitions and fonts have settled by then. */
const SETTLE_MS = 700

/** Writes a PNG of what the window shows to `file`, once the window has settled. The file appears whole or not at all. */
export async function saveScreenshot(window: BrowserWindow, file: string, clock: Clock): Promise<void> {
  await new Promise<void>((done) => clock.after(SETTLE_MS, done))
  if (window.isDestroyed()) return
  const image = await window.webContents.capturePage()
  const draft = `${file}.new`
  await writeFile(draft, image.toPNG())
  await rename(draft, file)
}
