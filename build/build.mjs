import { allTargets, build } from './bundle/build.mjs'
import { provideTools } from './setup/provide.mjs'
import { runScript, step } from './setup/progress.mjs'

await runScript(async () => {
  await provideTools()
  const built = await build(allTargets)
  if (built.length === 0) step('nothing to build: no source changed')
})
