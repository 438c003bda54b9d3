// All that the page waits for: it is shown sooner for it. The program follows once that has been painted.
import { windowBridge } from '../bridge/window-bridge.ts'
import { keepPressed } from './keep-pressed.ts'
import { recall } from './remembered.ts'

/** Where nothing is painted, because nothing of the window is seen, the program begins all the same. */
const ANYWAY_MS = 300
/** A still form is drawn and typed into meanwhile: nobody has filled it in so soon. */
const FORM_MS = 150

const page = document.documentElement
page.dataset['platform'] = windowBridge().platform
page.dataset['theme'] = recall(window.localStorage).theme

const painted = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
    setTimeout(resolve, ANYWAY_MS)
  })

/** The style sheet of the program. What comes without it is drawn without it. */
const styled = (): Promise<void> =>
  new Promise((resolve) => {
    const sheet = document.createElement('link')
    sheet.rel = 'stylesheet'
    sheet.href = 'start.css'
    sheet.onload = () => resolve()
    sheet.onerror = () => resolve()
    document.head.append(sheet)
  })

/** The letters of other languages than English, which are in a file of their own (styles/first-letters.css): names would move when it comes. */
const lettered = async (): Promise<void> => {
  await document.fonts.load("1em 'Inter Variable'", 'é').catch(() => undefined)
}

async function begin(): Promise<void> {
  await painted()
  if (still !== null) await new Promise((resolve) => setTimeout(resolve, FORM_MS))
  const [{ start }] = await Promise.all([import('./start.tsx'), styled(), lettered()])
  start()
}

const still = document.getElementById('still')
if (still !== null) keepPressed(still)
void begin()
