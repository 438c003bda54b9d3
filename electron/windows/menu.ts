import { Menu } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'

/** Before the application is ready: Electron builds a menu of its own otherwise, which costs time before the first window. */
export const skipDefaultMenu = (): void => Menu.setApplicationMenu(null)

/** The system's own commands, so that copying, zooming and closing work as everywhere else. */
export function setMenu(options: { isMac: boolean; developer: boolean }): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  if (options.developer) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' })
  const template: MenuItemConstructorOptions[] = [
    options.isMac ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
