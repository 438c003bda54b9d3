import { mount } from '../app/mount.tsx'
import { createFakeBridge } from './fake-bridge.ts'
import { scenarios } from './scenarios.ts'
import { emptyWorld } from './world.ts'
import '../styles/index.css'

declare global {
  interface Window {
    /** The fake node of the preview, to emit events and to refuse calls from the console. */
    fake?: ReturnType<typeof createFakeBridge>
  }
}

// `?scene=NAME&theme=dark`: which state to look at.
const wanted = new URLSearchParams(window.location.search)
const world = (scenarios[wanted.get('scene') ?? ''] ?? emptyWorld)()
const theme = wanted.get('theme')
world.settings = { ...world.settings, theme: theme === 'light' || theme === 'dark' ? theme : 'system' }
// The window draws the theme it remembers before the node has said anything.
window.localStorage.setItem('window', JSON.stringify({ theme: world.settings.theme }))
const fake = createFakeBridge(world)
window.fake = fake
const root = document.getElementById('root')
if (root !== null) mount(fake, root)
