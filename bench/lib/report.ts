import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isBusy, loadNow, machine, takenByOthers } from './machine.ts'
import type { Machine } from './machine.ts'
import { ratioOf, summarise } from './stats.ts'
import type { Ratio, Summary } from './stats.ts'

/** One line of a report, its baseline being another line of the same report. */
export interface Line<N extends string = string> {
  name: N
  unit: 'ms' | 'µs' | 'MB' | 'B'
  /** Null for what is itself the baseline, or has none. */
  against: N | null
}

export interface Row extends Summary {
  name: string
  unit: Line['unit']
  against: string | null
  ratio: Ratio | null
}

export interface Report {
  bench: string
  claim: string
  machine: Machine
  /** Load average of one minute, before and after. */
  load: { start: number; end: number }
  /** How much of all cores others used just before, in [0, 1]. */
  takenByOthers: number
  busy: boolean
  rows: Row[]
  /** Sentences that belong to the figures. */
  notes: string[]
}

/** Rows in the order of `lines`; each line that names a baseline gets the ratio to it. Lines without samples are left out. */
export const rowsOf = <N extends string>(lines: readonly Line<N>[], measured: Readonly<Partial<Record<N, number[][]>>>): Row[] =>
  lines.flatMap(({ name, unit, against }) => {
    const samples = measured[name] ?? []
    if (samples.flat().length === 0) return []
    const baseline = against === null ? [] : (measured[against] ?? [])
    return { name, unit, against, ...summarise(samples.flat()), ratio: against === null ? null : ratioOf(samples, baseline) }
  })

/** Begins a run: says how busy the machine is. `finish` prints the table and writes the JSON. */
export async function begin(bench: string, claim: string) {
  const about = machine()
  const start = loadNow()
  const where = about.electron === null ? `Node ${about.node}` : `Electron ${about.electron}`
  say(`\n${bench}, in ${where}: ${claim}`)
  const taken = await takenByOthers()
  const busy = isBusy(taken)
  say(`load average ${start.toFixed(2)} on ${about.cores} cores, of which others use ${Math.round(taken * 100)} % now`)
  if (busy) say('! the machine is busy: trust the ratios a little and the times not at all')
  return {
    finish: async (rows: Row[], notes: string[]): Promise<void> => {
      const end = loadNow()
      say(table(rows))
      for (const note of notes) say(`  ${note}`)
      const report: Report = { bench, claim, machine: about, load: { start, end }, takenByOthers: taken, busy, rows, notes }
      await writeReport(report)
    },
  }
}

/** Written below the folder the run was started in, one file for each bench and runtime. */
async function writeReport(report: Report): Promise<void> {
  const folder = join(process.cwd(), 'bench', 'out')
  await mkdir(folder, { recursive: true })
  const runtime = report.machine.electron === null ? 'node' : 'electron'
  await writeFile(join(folder, `${report.bench}.${runtime}.json`), `${JSON.stringify(report, null, 2)}\n`)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Three digits that mean something. */
const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3))

const cells = (row: Row): string[] => [
  row.name,
  `${figure(row.median)} ${row.unit}`,
  figure(row.p95),
  `${Math.round(row.spread * 100)} %`,
  String(row.count),
  row.ratio === null ? '' : `${figure(row.ratio.median)} × ${row.against ?? ''} (${figure(row.ratio.low)} to ${figure(row.ratio.high)})`,
]

const HEAD = ['', 'median', 'p95', 'spread', 'n', 'ratio (rounds from, to)']

/** Columns of figures to the right, the first and the last to the left. */
export function table(rows: readonly Row[]): string {
  const all = [HEAD, ...rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  return all
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 || column === HEAD.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
