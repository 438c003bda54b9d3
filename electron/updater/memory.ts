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
  /** When it was first started here, in milliseconds of the system's clock; null until then. */
  began: number | null
  /** Where this installation stands in a roll-out, 0 to 99, for good: the same ones are always early. Never sent anywhere. */
  share: number
}

// What a newer version keeps beside these is not damage.
const schema = z.object({
  newest: z.strictObject({ date: dateText, digest: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  // What was replaced long ago stays: the pinned keys of an old program are where the chain begins.
  rotations: z.array(signedRotationSchema).max(MAX_ROTATIONS * 2),
  automatic: z.boolean(),
  began: z.int().min(0).nullable(),
  share: z.int().min(0).max(99),
})

const firstMemory = (random: Random): Memory => ({
  newest: null,
  rotations: [],
  automatic: true,
  began: null,
  share: Math.floor(random.fraction() * 100),
})

/** Kept by `MemoryFile`; a fake in tests. */
export interface MemoryKeeper {
  readonly value: Memory
  /** Durable when it returns; throws when it cannot be. */
  save(change: Partial<Memory>): void
}

/**
 * One small file, replaced as a whole. Of a damaged one what is sound is kept, and the rest begun anew: what that forgets is the newest
 * announcement seen, and an older one is still refused after thirty days, and an older version always. One that cannot be read now is
 * left alone: nothing is looked for by itself, and nothing saved.
 */
export class MemoryFile implements MemoryKeeper {
  readonly #file: string
  readonly #isUnreadable: boolean
  #value: Memory

  constructor(file: string, random: Random) {
    this.#file = file
    const read = readMemory(file)
    this.#isUnreadable = read === null
    this.#value = { ...firstMemory(random), ...(read ?? { automatic: false }) }
  }

  get value(): Memory {
    return this.#value
  }

  save(change: Partial<Memory>): void {
    if (this.#isUnreadable) throw new Error('what is remembered of updates cannot be read')
    // What could not be read again would be forgotten, and nothing may be done that is not remembered.
    const next = schema.parse({ ...this.#value, ...change })
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

/** What is sound of it; null where it cannot be read now. */
function readMemory(file: string): Partial<Memory> | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    const isAbsent = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    return isAbsent ? {} : null
  }
  return soundParts(text)
}

/** What of it is as it should be. */
function soundParts(text: string): Partial<Memory> {
  let written: unknown
  try {
    written = JSON.parse(text)
  } catch {
    return {} // half of it, or something else
  }
  if (typeof written !== 'object' || written === null) return {}
  const { shape } = schema
  const said = (name: keyof Memory): unknown => Reflect.get(written, name)
  const [newest, rotations] = [shape.newest.safeParse(said('newest')), shape.rotations.safeParse(said('rotations'))]
  const [automatic, share] = [shape.automatic.safeParse(said('automatic')), shape.share.safeParse(said('share'))]
  const began = shape.began.safeParse(said('began'))
  return {
    ...(newest.success && { newest: newest.data }),
    ...(rotations.success && { rotations: rotations.data }),
    ...(automatic.success && { automatic: automatic.data }),
    ...(share.success && { share: share.data }),
    ...(began.success && { began: began.data }),
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
