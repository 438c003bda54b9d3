import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { utf8 } from '../../kernel/bytes.ts'
import { type Redacted, takeSecret } from '../../kernel/redacted.ts'
import type { Argon2Result, Argon2Task } from './argon2-task.ts'

/** RFC 9106 §4's second recommendation, at one lane because WebAssembly has one thread. Nothing is ever wrapped with less. */
export const ARGON2_FLOOR = { name: 'argon2id', memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 } as const

/** Bounds on what a key file may ask for: below, it protects nothing; above, it is an attack on this computer. */
export const ARGON2_CEILING = { memoryKiB: 1024 * 1024, iterations: 64 } as const

/** How long one guess at a passphrase shall take on the computer on which it was chosen. */
export const PASSPHRASE_WORK_MS = 500

/** A little more than asked for, because two runs of the same cost differ. */
const MARGIN = 1.15

export type Argon2Cost = Pick<Argon2Task, 'memoryKiB' | 'iterations' | 'parallelism'>

/** Where the build puts workers, beside the bundle this module became part of; else the source beside this file. */
const WORKER_PLACES = ['./workers/argon2.worker.mjs', './argon2.worker.ts']

/** The worker's file, or null where there is none. */
export function argon2Worker(from: string = import.meta.url): string | null {
  return WORKER_PLACES.map((place) => fileURLToPath(new URL(place, from))).find((file) => existsSync(file)) ?? null
}

/**
 * A 256-bit key from a passphrase, computed in a thread of its own; in this one if no thread can be had.
 * The passphrase is taken in Unicode form NFC, so that keyboards that compose differently agree.
 */
export async function deriveKey(
  passphrase: string,
  salt: Uint8Array,
  cost: Argon2Cost,
  worker: string | null = argon2Worker(),
): Promise<Redacted<Uint8Array>> {
  return takeSecret((await derive(passphrase, salt, cost, worker)).key)
}

/**
 * As `deriveKey`, for a passphrase that is being chosen: with as many iterations, within the bounds, as make one run take
 * `workMs` here. The first run measures; where it took long enough already, it is the only one.
 */
export async function deriveCalibrated(
  passphrase: string,
  salt: Uint8Array,
  workMs: number,
  run: typeof derive = derive,
): Promise<{ key: Redacted<Uint8Array>; iterations: number }> {
  const most = ARGON2_CEILING.iterations
  for (let iterations: number = ARGON2_FLOOR.iterations; ;) {
    const { key, elapsedMs } = await run(passphrase, salt, { ...ARGON2_FLOOR, iterations }, argon2Worker())
    if (elapsedMs >= workMs || iterations === most) return { key: takeSecret(key), iterations }
    key.fill(0)
    const wanted = elapsedMs > 0 ? Math.ceil((iterations * workMs * MARGIN) / elapsedMs) : most
    iterations = Math.min(Math.max(wanted, iterations + 1), most)
  }
}

async function derive(passphrase: string, salt: Uint8Array, cost: Argon2Cost, worker: string | null): Promise<Argon2Result> {
  const { memoryKiB, iterations, parallelism } = cost
  const task = { passphrase: utf8(passphrase.normalize('NFC')), salt, memoryKiB, iterations, parallelism }
  try {
    const apart = worker === null ? null : await inWorker(worker, task)
    if (apart !== null) return apart
    const { computeArgon2 } = await import('./argon2-task.ts')
    return await computeArgon2(task)
  } finally {
    task.passphrase.fill(0)
  }
}

const isResult = (value: unknown): value is Argon2Result =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  value.key instanceof Uint8Array &&
  'elapsedMs' in value &&
  typeof value.elapsedMs === 'number'

/** Null when the thread ended without an answer, for whatever reason: the caller has another way. */
function inWorker(file: string, task: Argon2Task): Promise<Argon2Result | null> {
  return new Promise((resolve) => {
    let thread: Worker
    try {
      thread = new Worker(file, { workerData: task, execArgv: [], env: {}, name: 'argon2' })
    } catch {
      resolve(null)
      return
    }
    thread.once('message', (result: unknown) => resolve(isResult(result) ? result : null))
    thread.once('error', () => resolve(null))
    thread.once('exit', () => resolve(null))
  })
}
