import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { prepareWindowTests } from './e2e/environment.mjs'
import { stopDescendants } from './run/descendants.mjs'
import { endWithParent } from './run/parent.mjs'
import { root } from './setup/paths.mjs'
import { runScript, step } from './setup/progress.mjs'
import { provideDesktop } from './setup/provide.mjs'

await runScript(async () => {
  const desktop = await provideDesktop({ ownDisplay: true })
  const prepared = await prepareWindowTests(desktop)
  // On a machine with a display people want to watch.
  const display = desktop.headless || process.platform !== 'linux' ? {} : { DISPLAY: process.env.DISPLAY }
  try {
    step('three people, three windows')
    const env = { ...process.env, ...prepared.env, ...display, NODE_NO_WARNINGS: '1' }
    const child = spawn(desktop.node, [join(root, 'e2e', 'demo', 'demo.ts')], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
    endWithParent(child)
    const [code] = await once(child, 'exit')
    return typeof code === 'number' ? code : 1
  } finally {
    await stopDescendants()
    await prepared.stop()
  }
})
