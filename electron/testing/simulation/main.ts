/** `node main.ts --seed N [--trace] [--nodes K] [--steps S] [--hostile] [--concurrent] [--back] [--updates] [--mailboxes] [--frames]`: plays one world; see `build/sim.mjs`. */
import { parseArgs } from 'node:util'
import { optionsOf } from './options.ts'
import { commandOf, summary } from './report.ts'
import { simulate } from './run.ts'

const USAGE =
  'npm run sim -- [--seed N] [--runs N] [--nodes K] [--steps S] [--hostile] [--concurrent] [--back] [--updates] [--mailboxes] [--frames] [--trace]'

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}\n`)
  process.exit(2)
}

function read() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        runs: { type: 'string', default: '1' },
        nodes: { type: 'string' },
        steps: { type: 'string' },
        trace: { type: 'boolean', default: false },
        hostile: { type: 'boolean', default: false },
        concurrent: { type: 'boolean', default: false },
        back: { type: 'boolean', default: false },
        updates: { type: 'boolean', default: false },
        mailboxes: { type: 'boolean', default: false },
        frames: { type: 'boolean', default: false },
      },
    })
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : 'These options cannot be read.')
  }
}

const whole = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : refuse(`${JSON.stringify(text)} is no whole number.`))
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : whole(text))

// Whoever reads it may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const { values } = read()
const wish = {
  ...{ nodes: number(values.nodes), steps: number(values.steps), hostile: values.hostile },
  ...{ concurrentCommits: values.concurrent, back: values.back, updates: values.updates, mailboxes: values.mailboxes },
  frames: values.frames,
}

let failed = 0
for (let seed = whole(values.seed), last = seed + whole(values.runs); seed < last; seed++) {
  const options = optionsOf(seed, wish)
  const report = await simulate(options, { hear: values.trace ? (line) => process.stdout.write(`${line}\n`) : undefined })
  process.stdout.write(`${summary(report)}\n`)
  if (report.violations.length > 0) {
    failed += 1
    process.stdout.write(`  again: ${commandOf(seed, wish)} --trace\n`)
  }
}
process.exitCode = failed > 0 ? 1 : 0
