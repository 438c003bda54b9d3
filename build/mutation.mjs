import { provideTools } from './setup/provide.mjs'
import { runScript, step } from './setup/progress.mjs'
import { stopDescendants } from './run/descendants.mjs'
import { leastScore, targets } from './mutation/targets.mjs'

await runScript(async () => {
  const node = await provideTools()
  const { runMutants } = await import('./mutation/run-mutants.mjs')
  try {
    let low = 0
    for (const target of targets) {
      step(`mutants of ${target.folder}`)
      const { mutants, survivors, score } = await runMutants(node, target)
      for (const { file, line, from, to } of survivors) process.stdout.write(`${target.folder}/${file}:${line}\n  - ${from}\n  + ${to}\n`)
      process.stdout.write(`${mutants.length - survivors.length} of ${mutants.length} noticed: ${(score * 100).toFixed(1)} %\n`)
      if (score < leastScore) low += 1
    }
    return low > 0 ? 1 : 0
  } finally {
    await stopDescendants()
  }
})
