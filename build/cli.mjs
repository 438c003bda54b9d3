import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { build } from './bundle/build.mjs'
import { endWithParent } from './run/parent.mjs'
import { provideTools } from './setup/provide.mjs'
import { dist } from './setup/paths.mjs'
import { runScript } from './setup/progress.mjs'

await runScript(async () => {
  const node = await provideTools()
  await build(['cli'])
  const child = spawn(node, ['--enable-source-maps', join(dist, 'cli', 'main.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' })
  endWithParent(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
})
