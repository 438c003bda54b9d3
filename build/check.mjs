import { runChecks } from './checks/run-checks.mjs'
import { summaryLine } from './run/tally.mjs'
import { runScript } from './setup/progress.mjs'

await runScript(async () => {
  const tally = await runChecks()
  process.stdout.write(`${summaryLine(tally)}\n`)
  return tally.failures.length > 0 ? 1 : 0
})
