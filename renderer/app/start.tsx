import { windowBridge } from '../bridge/window-bridge.ts'
import { mount } from './mount.tsx'

/** Draws the window. */
export function start(): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  mount(windowBridge(), root)
}
