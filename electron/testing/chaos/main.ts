import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { play } from './play.ts'

/**
 * `--seed 1 --runs 10 --people 5 --beats 40 [--relay]`: plays stories of real processes one after another. Status 1 if one ended badly; with `--hold`
 * everybody is left as they are for an hour then, to be looked at.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    people: { type: 'string', default: '5' },
    beats: { type: 'string', default: '40' },
    trace: { type: 'boolean', default: false },
    relay: { type: 'boolean', default: false },
    hold: { type: 'boolean', default: false },
  },
})
const [first, runs, people, beats] = [values.seed, values.runs, values.people, values.beats].map(Number)
if (first === undefined || runs === undefined || people === undefined || beats === undefined) throw new Error('numbers are needed')
for (let seed = first; seed < first + runs; seed++) {
  const tell = values.trace ? (line: string) => process.stdout.write(`  ${line}\n`) : () => undefined
  const look = async (folder: string, wrong: readonly string[], lines: readonly string[]): Promise<void> => {
    const told = values.trace ? [] : lines
    for (const line of [...told, ...wrong.map((one) => `✗ ${one}`), `they are in ${folder}`]) process.stdout.write(`  ${line}\n`)
    if (values.hold) await sleep(3_600_000)
  }
  const played = await play({ seed, people, beats, hasRelay: values.relay, tell, look })
  const isBad = played.complaints.length > 0
  process.stdout.write(`${isBad ? '✗' : '✓'} seed ${seed}: settled after ${(played.settledMs / 1_000).toFixed(1)} s\n`)
  if (isBad) process.exitCode = 1
}
