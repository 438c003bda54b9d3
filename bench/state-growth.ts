import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Crowd } from './lib/crowd.ts'
import { begin, rowsOf } from './lib/report.ts'
import type { Line, Row } from './lib/report.ts'
import { alternate } from './lib/rounds.ts'
import type { Turn } from './lib/rounds.ts'
import { FRAME_BYTES } from './lib/written.ts'
import type { Written } from './lib/written.ts'

const ROUNDS = 5
const MESSAGES_A_ROUND = 20
const CHANGES_A_ROUND = 1
const SIZES = [2, 50, 250] as const

type Size = (typeof SIZES)[number]
type What = 'receive' | 'send' | 'an epoch' | 'state alone'
type Name = `${What} among ${Size}: ${'state' | 'log'}` | `what moved among ${Size}`

const WHATS: readonly What[] = ['receive', 'state alone', 'send', 'an epoch']

/** Each against the same among two. */
const against = <N extends Name>(name: (size: Size) => N, size: Size): N | null => (size === 2 ? null : name(2))

const LINES: Line<Name>[] = SIZES.flatMap((size): Line<Name>[] => [
  ...WHATS.flatMap((what) =>
    (['state', 'log'] as const).map((part): Line<Name> => {
      const name = (of: Size) => `${what} among ${of}: ${part}` as const
      return { name: name(size), unit: 'B', against: against(name, size) }
    }),
  ),
  { name: `what moved among ${size}`, unit: 'µs', against: against((of) => `what moved among ${of}` as const, size) },
]).toSorted((a, b) => order(a.name) - order(b.name))

/** The same thing in all sizes below each other. */
function order(name: Name): number {
  const what = WHATS.findIndex((each) => name.startsWith(each))
  return (what < 0 ? WHATS.length : what) * 2 + (name.endsWith('log') ? 1 : 0)
}

const measuring =
  (crowd: Crowd, size: Size): Turn<Name> =>
  async () => {
    const samples: Partial<Record<Name, number[]>> = {}
    const note = (name: Name, value: number): void => void (samples[name] ??= []).push(value)
    const noteBoth = (what: What, written: Written): void => {
      note(`${what} among ${size}: state`, written.state)
      note(`${what} among ${size}: log`, written.log)
    }
    for (let i = 0; i < MESSAGES_A_ROUND; i++) {
      await setImmediate()
      const before = crowd.state
      noteBoth('receive', await crowd.receive())
      noteBoth('state alone', crowd.moveAlone())
      const started = performance.now()
      crowd.engine.moved(before, crowd.state)
      note(`what moved among ${size}`, (performance.now() - started) * 1_000)
      noteBoth('send', await crowd.send())
      crowd.moveAlone()
    }
    for (let i = 0; i < CHANGES_A_ROUND; i++) noteBoth('an epoch', await crowd.change())
    return samples
  }

function verdict(rows: readonly Row[]): string[] {
  const of = (name: Name): number => rows.find((row) => row.name === name)?.median ?? NaN
  const list = (what: What, part: 'state' | 'log'): number[] => SIZES.map((size) => of(`${what} among ${size}: ${part}`))
  const pages = (what: What): string =>
    list(what, 'log')
      .map((bytes) => Math.round(bytes / FRAME_BYTES))
      .join(', ')
  const [small, ...larger] = list('receive', 'state')
  const grows = larger.some((bytes) => bytes !== small) || list('send', 'state').some((bytes) => bytes !== list('send', 'state')[0])
  return [
    `state written for a message: ${list('receive', 'state').join(', ')} B received, ${list('send', 'state').join(', ')} B sent, among ${SIZES.join(', ')}: it ${grows ? 'GROWS' : 'does not grow'} with the group`,
    `pages of the log for a message: ${pages('receive')} received, of which ${pages('state alone')} for the state; ${pages('send')} sent, with a row for each who is owed it`,
    `an epoch writes ${list('an epoch', 'state')
      .map((bytes) => Math.round(bytes / 1_000))
      .join(', ')} kB of state, once; one blob an epoch wrote all of its message secrets for each message`,
  ]
}

async function main(): Promise<void> {
  const report = await begin('state-growth', 'what a message writes, in groups of any size in which all have spoken')
  const folder = await mkdtemp(join(tmpdir(), 'spacepanda-bench-'))
  const crowds: Crowd[] = []
  try {
    const turns: Turn<Name>[] = []
    for (const size of SIZES) {
      const crowd = await Crowd.gather(join(folder, String(size)), size)
      crowds.push(crowd)
      turns.push(measuring(crowd, size))
    }
    const measured = await alternate(
      LINES.map((line) => line.name),
      turns,
      { rounds: ROUNDS, warmUp: 1, budgetMs: 30_000 },
    )
    const rows = rowsOf(LINES, measured)
    await report.finish(rows, verdict(rows))
  } finally {
    for (const crowd of crowds) crowd.close()
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
