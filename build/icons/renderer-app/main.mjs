/** Draws SVG files in Chromium: reads jobs from SPACEPANDA_ICONS, answers with base64 PNGs, one a line. */
import { app, BrowserWindow } from 'electron'

/** @type {{ svg: string, size: number }[]} */
const jobs = JSON.parse(process.env.SPACEPANDA_ICONS ?? '[]')

/** Runs in the page, which is why it is text. @param {{ svg: string, size: number }} job */
const draw = ({ svg, size }) => `(async () => {
  const image = new Image(${size}, ${size})
  image.src = ${JSON.stringify(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`)}
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = ${size}
  canvas.getContext('2d').drawImage(image, 0, 0, ${size}, ${size})
  return canvas.toDataURL('image/png').split(',')[1]
})()`

void app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } })
  await window.loadURL('data:text/html,')
  for (const job of jobs) process.stdout.write(`${String(await window.webContents.executeJavaScript(draw(job)))}\n`)
  app.quit()
})
