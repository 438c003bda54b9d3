import { performance } from 'node:perf_hooks'
import { argon2id } from 'hash-wasm'

/** Input of one derivation; plain data, so that it can go to a worker. */
export interface Argon2Task {
  passphrase: Uint8Array
  salt: Uint8Array
  memoryKiB: number
  iterations: number
  parallelism: number
}

export interface Argon2Result {
  /** 32 bytes. */
  key: Uint8Array
  /** What the computation alone took, without starting a thread for it. */
  elapsedMs: number
}

/**
 * Argon2id (RFC 9106, version 0x13). Keeps its thread busy for half a second and more.
 * The memory it fills is WebAssembly's and cannot be wiped from here; the thread's memory goes when the thread ends.
 */
export async function computeArgon2(task: Argon2Task): Promise<Argon2Result> {
  const begun = performance.now()
  const key = await argon2id({
    password: task.passphrase,
    salt: task.salt,
    memorySize: task.memoryKiB,
    iterations: task.iterations,
    parallelism: task.parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
  return { key, elapsedMs: performance.now() - begun }
}
