/** `node main.ts --seed N [--trace] [--nodes K] [--steps S] [--hostile] [--concurrent]`: plays one world; see `build/sim.mjs`. */
import { parseArgs } from 'node:util'
import { optionsOf } from './options.ts'
import { commandOf, summary } from './report.ts'
import { simulate } from './run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    nodes: { type: 'string' },
    steps: { type: 'string' },
    trace: { type: 'boolean', default: false },
    hostile: { type: 'boolean', default: false },
    concurrent: { type: 'boolean', default: false },
  },
})
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
const wish = { nodes: number(values.nodes), steps: number(values.steps), hostile: values.hostile, concurrentCommits: values.concurrent }

let failed = 0
for (let seed = Number(values.seed), last = seed + Number(values.runs); seed < last; seed++) {
  const options = optionsOf(seed, wish)
  const report = await simulate(options, { hear: values.trace ? (line) => process.stdout.write(`${line}\n`) : undefined })
  process.stdout.write(`${summary(report)}\n`)
  if (report.violations.length > 0) {
    failed += 1
    process.stdout.write(`  again: ${commandOf(seed, wish)} --trace\n`)
  }
}
process.exitCode = failed > 0 ? 1 : 0
