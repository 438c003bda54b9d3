import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { equalBytes, toHex } from '../../kernel/bytes.ts'
import { mutant, stockOf } from './mutant.ts'
import type { Stock } from './mutant.ts'
import { quickDice } from './quick-dice.ts'
import type { Subject } from './subject.ts'

/** What a case may take. No figure of speed: whoever takes longer, with a few kilobytes, can be kept busy by anybody. */
export const CASE_MS = 1_000
/** After this long a case counts as one that never ends. */
const HANG_MS = 60_000
/** Enough for nearly all; the others are made again of their seed and number. */
const SHOWN_BYTES = 16_384
/** `unchanged` may cost as much as many cases. */
const LOOK_EVERY = 2_000

export interface Tally {
  accepted: number
  refused: number
}

export interface FuzzOptions {
  seed: number
  /** For one decoder: a subject that has a share in them is given less. */
  cases: number
  caseMs?: number
  hangMs?: number
}

/** What is needed to run one case again, in words. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure'

  constructor(subject: Subject, { seed, at, bytes }: { seed: number; at: number; bytes: Uint8Array }, what: string, cause?: unknown) {
    const shown = toHex(bytes.subarray(0, SHOWN_BYTES)) + (bytes.length > SHOWN_BYTES ? '…' : '')
    super(`${subject.name}, seed ${seed}, case ${at}: ${what}; ${bytes.length} bytes: ${shown}`, { cause })
  }
}

const faultIn = (thrown: unknown): string => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))

async function timed(subject: Subject, bytes: Uint8Array): Promise<{ taken: boolean; ms: number }> {
  const began = performance.now()
  const answer = subject.decode(bytes)
  const taken = typeof answer === 'boolean' ? answer : await answer
  return { taken, ms: performance.now() - began }
}

/** Whether it is slow each time it is tried again: on a busy machine once says nothing. */
async function isSlow(subject: Subject, bytes: Uint8Array, caseMs: number): Promise<boolean> {
  for (let left = 4; left > 0; left -= 1) if ((await timed(subject, bytes)).ms <= caseMs) return false
  return true
}

async function runCase(
  subject: Subject,
  { seed, caseMs }: { seed: number; caseMs: number },
  at: number,
  bytes: Uint8Array,
): Promise<boolean> {
  const before = bytes.slice()
  const fail = (what: string, cause?: unknown) => new FuzzFailure(subject, { seed, at, bytes: before }, what, cause)
  let outcome: { taken: boolean; ms: number }
  try {
    outcome = await timed(subject, bytes)
  } catch (thrown) {
    throw fail(`threw ${faultIn(thrown)}`, thrown)
  }
  if (!equalBytes(before, bytes)) throw fail('changed what it was given')
  if (outcome.ms > caseMs && (await isSlow(subject, bytes, caseMs))) throw fail(`took over ${caseMs} ms`)
  if (at % LOOK_EVERY === 0) demandUnchanged(subject, (thrown) => fail(`changed state up to here: ${faultIn(thrown)}`, thrown))
  return outcome.taken
}

function demandUnchanged(subject: Subject, fail: (thrown: unknown) => Error): void {
  try {
    subject.unchanged?.()
  } catch (thrown) {
    throw fail(thrown)
  }
}

/** Ends the process, with words, if a case does not end. */
async function watch(words: string, patienceMs: number): Promise<{ counter: Int32Array; stop: () => Promise<unknown> }> {
  const counter = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('watchdog.worker.ts', import.meta.url), { workerData: { counter, words, patienceMs } })
  await once(worker, 'online')
  worker.unref()
  return { counter, stop: () => worker.terminate() }
}

/** Of a seed of its own, so that one case can be made again without those before it. */
const caseOf = (stock: Stock, seed: number, at: number): Uint8Array => mutant(quickDice(Math.imul(seed, 1_000_003) + at), stock).slice()

/**
 * Offers a decoder its samples, all of which it must take, and then mutants of them. Fails with `FuzzFailure` for what throws,
 * takes over a second, changes its input, or changes state.
 */
export async function fuzz(subject: Subject, { seed, cases, caseMs = CASE_MS, hangMs = HANG_MS }: FuzzOptions): Promise<Tally> {
  const stock = stockOf(subject)
  const tally: Tally = { accepted: 0, refused: 0 }
  const { counter, stop } = await watch(`${subject.name}, seed ${seed}`, hangMs)
  try {
    for (const [i, sample] of subject.samples.entries())
      if (!(await runCase(subject, { seed, caseMs }, -1 - i, sample.slice())))
        throw new Error(`${subject.name} does not take its own sample ${i}`)
    for (let at = 0; at < cases * (subject.share ?? 1); at += 1) {
      Atomics.store(counter, 0, at)
      const bytes = caseOf(stock, seed, at)
      if (await runCase(subject, { seed, caseMs }, at, bytes)) tally.accepted += 1
      else tally.refused += 1
    }
    demandUnchanged(subject, (thrown) => new Error(`${subject.name}, seed ${seed}: changed state: ${faultIn(thrown)}`, { cause: thrown }))
  } finally {
    await stop()
  }
  return tally
}
