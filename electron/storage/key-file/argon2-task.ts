import { argon2id } from 'hash-wasm'

/** Input of one derivation; plain data, so that it can go to a worker. */
export interface Argon2Task {
  passphrase: Uint8Array
  salt: Uint8Array
  memoryKiB: number
  iterations: number
  parallelism: number
}

/** Argon2id (RFC 9106, version 0x13); 32 bytes. Keeps its thread busy for half a second and more. */
export const computeArgon2 = (task: Argon2Task): Promise<Uint8Array> =>
  argon2id({
    password: task.passphrase,
    salt: task.salt,
    memorySize: task.memoryKiB,
    iterations: task.iterations,
    parallelism: task.parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
