import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Random } from '../kernel/random.ts'
import { MAX_ROTATIONS, signedRotationSchema } from './keys/rotation.ts'
import type { Seen } from './release/judge.ts'
import { dateText } from './release/release.ts'

/** What the updater knows between starts. Beside the window's place, not in a profile: updates come while none is open, too. */
export interface Memory extends Seen {
  /** Whether it looks by itself. */
  automatic: boolean
  /** Where this installation stands in a roll-out, 0 to 99, for good: the same ones are always early. Never sent anywhere. */
  share: number
}

// What a newer version keeps beside these is not damage.
const schema: z.ZodType<Memory> = z.object({
  newest: z.strictObject({ date: dateText, digest: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  // What was replaced long ago stays: the pinned keys of an old program are where the chain begins.
  rotations: z.array(signedRotationSchema).max(MAX_ROTATIONS * 2),
  automatic: z.boolean(),
  share: z.int().min(0).max(99),
})

const firstMemory = (random: Random): Memory => ({
  newest: null,
  rotations: [],
  automatic: true,
  share: Math.floor(random.fraction() * 100),
})

/** Kept by `MemoryFile`; a fake in tests. */
export interface MemoryKeeper {
  readonly value: Memory
  /** Durable when it returns; throws when it cannot be. */
  save(change: Partial<Memory>): void
}

/**
 * One small file, replaced as a whole. A damaged one is begun anew: what that forgets is the newest announcement seen, and an
 * older one is still refused after thirty days, and an older version always.
 */
export class MemoryFile implements MemoryKeeper {
  readonly #file: string
  #value: Memory
  /** Nothing was remembered: this is the first start here. */
  readonly isNew: boolean

  constructor(file: string, random: Random) {
    this.#file = file
    const read = readMemory(file)
    this.isNew = read === null
    this.#value = read ?? firstMemory(random)
  }

  get value(): Memory {
    return this.#value
  }

  save(change: Partial<Memory>): void {
    const next = { ...this.#value, ...change }
    const draft = `${this.#file}.new`
    const handle = openSync(draft, 'w', 0o600)
    try {
      // Not `writeSync`, which writes what the disk takes, and is content.
      writeFileSync(handle, `${JSON.stringify(next)}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, this.#file)
    syncFolder(dirname(this.#file))
    this.#value = next
  }
}

function readMemory(file: string): Memory | null {
  try {
    const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null // none yet, or damaged
  }
}

/** A renaming is durable when its folder is; Windows has no such call, and does it by itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
