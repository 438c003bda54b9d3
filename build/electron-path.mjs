import { appTargets, build } from './bundle/build.mjs'
import { launchOptions } from './run/launch-options.mjs'
import { runScript } from './setup/progress.mjs'
import { provideDesktop } from './setup/provide.mjs'

await runScript(async () => {
  const desktop = await provideDesktop()
  await build(appTargets)
  process.stdout.write(`${JSON.stringify(launchOptions(desktop.electron))}\n`)
})
