import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { endWithParent } from './run/parent.mjs'
import { provideTools } from './setup/provide.mjs'
import { root } from './setup/paths.mjs'
import { runScript } from './setup/progress.mjs'

/** The simulator is run as it stands: the Node that tools run on reads TypeScript. */
const main = join(root, 'electron', 'testing', 'simulation', 'main.ts')

await runScript(async () => {
  const node = await provideTools()
  const child = spawn(node, [main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
  endWithParent(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
})
