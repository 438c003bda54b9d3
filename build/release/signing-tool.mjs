import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { endWithParent } from '../run/parent.mjs'
import { provideTools } from '../setup/provide.mjs'
import { root } from '../setup/paths.mjs'

/** Run as it stands: the Node that tools run on reads TypeScript. */
const main = join(root, 'electron', 'updater', 'signing', 'main.ts')

/** @param {readonly string[]} args @returns {Promise<number>} its status */
export const signingTool = async (args) => {
  const node = await provideTools()
  const child = spawn(node, [main, ...args], { stdio: 'inherit' })
  endWithParent(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}
