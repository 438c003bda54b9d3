import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { utf8 } from '../../kernel/bytes.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { type Argon2Task, computeArgon2 } from './argon2-task.ts'

/** RFC 9106 §4's second recommendation, at one lane because WebAssembly has one thread. */
export const ARGON2_DEFAULTS = { name: 'argon2id', memoryKiB: 64 * 1024, iterations: 3, parallelism: 1 } as const

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
  const { memoryKiB, iterations, parallelism } = cost
  const task = { passphrase: utf8(passphrase.normalize('NFC')), salt, memoryKiB, iterations, parallelism }
  try {
    const apart = worker === null ? null : await inWorker(worker, task)
    return new Redacted(apart ?? (await computeArgon2(task)))
  } finally {
    task.passphrase.fill(0)
  }
}

/** Null when the thread ended without an answer, for whatever reason: the caller has another way. */
function inWorker(file: string, task: Argon2Task): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    let thread: Worker
    try {
      thread = new Worker(file, { workerData: task, execArgv: [], env: {}, name: 'argon2' })
    } catch {
      resolve(null)
      return
    }
    thread.once('message', (key: unknown) => resolve(key instanceof Uint8Array ? key : null))
    thread.once('error', () => resolve(null))
    thread.once('exit', () => resolve(null))
  })
}
