import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toIcns, toIco } from './icons/formats.mjs'
import { rootSwitches } from './run/launch-options.mjs'
import { startXvfb } from './run/xvfb.mjs'
import { root } from './setup/paths.mjs'
import { runScript, SetupError, step } from './setup/progress.mjs'
import { provideDesktop } from './setup/provide.mjs'
import { lastWords, run } from './setup/run.mjs'

/**
 * Draws the product's icons from resources/icon.svg, and the small sizes from resources/icon-small.svg, whose lines are
 * thick enough for them; those for the tray from resources/mark-mono.svg. The results are committed: packaging needs no display.
 */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const smallUpTo = 32
/** Density → size: `@2x` is how Electron finds the image for a finer display. */
const traySizes = { '': 24, '@2x': 48 }
/** Stands out from a light panel and from a dark one: which it is nobody tells. */
const trayInk = '#96909f'
const drawer = fileURLToPath(new URL('icons/renderer-app', import.meta.url))
const resources = join(root, 'resources')

/**
 * The mark in one colour; with what is unread, a dot in its corner that is cut out of it, so that it is seen by its shape too.
 * @param {string} mark
 * @param {boolean} isUnread
 */
const trayImage = (mark, isUnread) => {
  const inked = mark.replaceAll('currentColor', trayInk)
  if (!isUnread) return inked
  const body = inked.slice(inked.indexOf('>') + 1, inked.lastIndexOf('</svg>'))
  const hole = '<mask id="hole"><rect width="64" height="64" fill="#fff"/><circle cx="48" cy="48" r="19" fill="#000"/></mask>'
  const dot = '<circle cx="48" cy="48" r="14" fill="#3fa968"/>'
  return `${inked.slice(0, inked.indexOf('>') + 1)}${hole}<g mask="url(#hole)">${body}</g>${dot}</svg>`
}

/** @param {string} executable @param {string | undefined} display @param {{ svg: string, size: number }[]} jobs */
const drawAll = async (executable, display, jobs) => {
  const env = { ...process.env, SPACEPANDA_ICONS: JSON.stringify(jobs), ...(display === undefined ? {} : { DISPLAY: display }) }
  const done = await run(executable, [...rootSwitches(), '--disable-gpu', drawer], { env, timeoutMs: 60_000 })
  const pngs = done.stdout
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'))
  if (done.status !== 0 || pngs.length !== jobs.length) throw new SetupError(`Drawing failed:\n${lastWords(done)}`)
  return jobs.map(({ size }, index) => ({ size, png: pngs[index] ?? Buffer.alloc(0) }))
}

await runScript(async () => {
  const desktop = await provideDesktop({ ownDisplay: true })
  const [large, small, mark] = await Promise.all(
    ['icon.svg', 'icon-small.svg', 'mark-mono.svg'].map((name) => readFile(join(resources, name), 'utf8')),
  )
  const display = process.platform === 'linux' ? await startXvfb() : undefined
  try {
    const jobs = sizes.map((size) => ({ svg: (size <= smallUpTo ? small : large) ?? '', size }))
    const images = await drawAll(desktop.electron.executable, display?.display, jobs)
    const trays = [false, true].flatMap((isUnread) =>
      Object.entries(traySizes).map(([density, size]) => ({ name: `tray${isUnread ? '-unread' : ''}${density}`, isUnread, size })),
    )
    const trayJobs = trays.map(({ isUnread, size }) => ({ svg: trayImage(mark ?? '', isUnread), size }))
    const trayImages = await drawAll(desktop.electron.executable, display?.display, trayJobs)
    await mkdir(join(resources, 'icons'), { recursive: true })
    await mkdir(join(resources, 'tray'), { recursive: true })
    for (const [index, { name }] of trays.entries())
      await writeFile(join(resources, 'tray', `${name}.png`), trayImages[index]?.png ?? Buffer.alloc(0))
    for (const { size, png } of images) if (size <= 512) await writeFile(join(resources, 'icons', `${size}x${size}.png`), png)
    await writeFile(join(resources, 'icon.ico'), toIco(images.filter(({ size }) => size <= 256)))
    await writeFile(join(resources, 'icon.icns'), toIcns(images))
    step(`icons: ${resources}`)
  } finally {
    await display?.stop()
  }
})
