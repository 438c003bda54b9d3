import type { SimWish } from './options.ts'
import type { SimReport } from './run.ts'

/** Violations shown of one run; the first tells most. */
const SHOWN = 6

export function summary({
  options,
  violations,
  digest,
  events,
  messages,
  objects,
  epoch,
  deaths,
  restMs,
  replays,
  bogus,
  updates,
  returns,
}: SimReport): string {
  const { seed, nodes, steps, hostile, disk, concurrentCommits, back, keyPace, mailboxes, frames } = options
  const world = [
    `seed ${seed}: ${nodes} nodes`,
    ...(hostile > 0 ? [`${hostile} hostile`] : []),
    ...(mailboxes > 0 ? [`${mailboxes} mailbox${mailboxes > 1 ? 'es' : ''}`] : []),
    ...(disk ? ['on disk'] : []),
    ...(frames ? ['commits framed again'] : []),
    ...(concurrentCommits ? ['changes at once'] : []),
    ...(back ? [`${returns} back`] : []),
    ...(keyPace !== null ? [`keys renewed ${updates} times`] : []),
  ]
  const course = `${steps} steps, ${events} events, ${messages} messages, epoch ${epoch}, ${objects} objects, ${deaths} deaths, at rest after ${Math.round(restMs / 1_000)} s, ${replays} replays, ${bogus} bogus`
  const found = violations.slice(0, SHOWN).map(({ rule, what }) => `  ✗ invariant ${rule}: ${what}`)
  const more = violations.length > SHOWN ? [`  and ${violations.length - SHOWN} more`] : []
  return [`${violations.length === 0 ? '✓' : '✗'} ${world.join(', ')}; ${course}; trace ${digest.slice(0, 12)}`, ...found, ...more].join(
    '\n',
  )
}

/** What a person types to see one run again. */
export function commandOf(
  seed: number,
  { nodes, steps, hostile, concurrentCommits, back, updates, mailboxes, frames }: SimWish = {},
): string {
  const options = [
    `--seed ${seed}`,
    ...(nodes === undefined ? [] : [`--nodes ${nodes}`]),
    ...(steps === undefined ? [] : [`--steps ${steps}`]),
    ...(hostile === true ? ['--hostile'] : []),
    ...(concurrentCommits === true ? ['--concurrent'] : []),
    ...(back === true ? ['--back'] : []),
    ...(updates === true ? ['--updates'] : []),
    ...(mailboxes === true ? ['--mailboxes'] : []),
    ...(frames === true ? ['--frames'] : []),
  ]
  return `npm run sim -- ${options.join(' ')}`
}
