import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { Redacted } from '../kernel/redacted.ts'
import { createRelay } from '../network/relay/create-relay.ts'
import type { Relay } from '../network/relay/create-relay.ts'
import type { MountedProtocol } from '../network/relay/mounted.ts'
import type { RelayLimits } from '../network/relay/relay-limits.ts'
import { createDurably } from '../storage/key-file/durable-file.ts'
import { isFresh, makeProfileFolder, RELAY_KEY_FILE } from '../storage/key-file/profile-folder.ts'
import { holdLockFile } from '../storage/sqlite/lock-file.ts'

export type { Relay, RelayCounts } from '../network/relay/create-relay.ts'
export type { RelayLimits } from '../network/relay/relay-limits.ts'

const LOCK_FILE = 'relay.lock'
const KEY_BYTES = 32

export interface RelayNodeOptions {
  dataDir: string
  clock: Clock
  random: Random
  /** Multiaddrs to listen on; empty: the usual ones. */
  listen: readonly string[]
  /** Where others find it, if that is not where it listens. */
  announce: readonly string[]
  limits: Partial<RelayLimits>
  /** Answer about private addresses too: for tests and for networks of one's own. */
  privateNetwork: boolean
  /** What the relay does besides relaying. */
  mounted?: readonly MountedProtocol[]
}

export const USUAL_LISTEN: readonly string[] = ['/ip4/0.0.0.0/tcp/4001', '/ip6/::/tcp/4001', '/ip4/0.0.0.0/tcp/4002/ws']

/**
 * Makes the folder a relay's and holds it for this one alone: two with one key would take each other's connections. Answers how to
 * let go. Throws `AppError`: 'in-use', 'conflict' where it is a person's profile, 'disk'.
 */
export function holdRelayFolder(dataDir: string): () => void {
  if (!isFresh(dataDir)) {
    const words = 'This is the folder of somebody’s profile. A relay needs a folder of its own: give one with --data-dir.'
    throw new AppError('conflict', words)
  }
  makeProfileFolder(dataDir)
  return holdLockFile(join(dataDir, LOCK_FILE), 'A relay runs over this folder already. Give a second one another folder with --data-dir.')
}

/** A relay over a folder that keeps its key. Throws `AppError('invalid' | 'unreadable' | 'disk')`. */
export function createRelayNode({ dataDir, random, listen, ...options }: RelayNodeOptions): Promise<Relay> {
  return createRelay(options, { ...options, key: relayKey(dataDir, random), listen: listen.length === 0 ? USUAL_LISTEN : listen })
}

export function relayKey(dataDir: string, random: Random): Redacted<Uint8Array> {
  makeProfileFolder(dataDir)
  const file = join(dataDir, RELAY_KEY_FILE)
  createDurablyUnlessThere(file, random)
  const key = new Uint8Array(read(file))
  if (key.length !== KEY_BYTES)
    throw new AppError(
      'unreadable',
      'The relay’s key file is damaged. Put it back from a copy, or remove it: the relay is another one then.',
    )
  return new Redacted(key)
}

function createDurablyUnlessThere(file: string, random: Random): void {
  try {
    readFileSync(file)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw unreadable(thrown)
    // Two that start at once: whoever comes second takes the first one's.
    createDurably(file, random.bytes(KEY_BYTES))
  }
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (thrown) {
    throw unreadable(thrown)
  }
}

const unreadable = (cause: unknown): AppError => new AppError('disk', 'The relay’s key file cannot be read.', { cause })
