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
 * thick enough for them. The results are committed: packaging needs no display.
 */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const smallUpTo = 32
const drawer = fileURLToPath(new URL('icons/renderer-app', import.meta.url))
const resources = join(root, 'resources')

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
  const [large, small] = await Promise.all(['icon.svg', 'icon-small.svg'].map((name) => readFile(join(resources, name), 'utf8')))
  const display = process.platform === 'linux' ? await startXvfb() : undefined
  try {
    const jobs = sizes.map((size) => ({ svg: (size <= smallUpTo ? small : large) ?? '', size }))
    const images = await drawAll(desktop.electron.executable, display?.display, jobs)
    await mkdir(join(resources, 'icons'), { recursive: true })
    for (const { size, png } of images) if (size <= 512) await writeFile(join(resources, 'icons', `${size}x${size}.png`), png)
    await writeFile(join(resources, 'icon.ico'), toIco(images.filter(({ size }) => size <= 256)))
    await writeFile(join(resources, 'icon.icns'), toIcns(images))
    step(`icons: ${resources}`)
  } finally {
    await display?.stop()
  }
})
