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
import { makeProfileFolder } from '../storage/key-file/profile-folder.ts'

export type { Relay, RelayCounts } from '../network/relay/create-relay.ts'
export type { RelayLimits } from '../network/relay/relay-limits.ts'

/** The seed of the key by which everybody knows the relay; beside a profile it disturbs nothing. */
const KEY_FILE = 'relay.key'
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

/** A relay over a folder that keeps its key. Throws `AppError('invalid' | 'unreadable' | 'disk')`. */
export function createRelayNode({ dataDir, random, listen, ...options }: RelayNodeOptions): Promise<Relay> {
  return createRelay(options, { ...options, key: relayKey(dataDir, random), listen: listen.length === 0 ? USUAL_LISTEN : listen })
}

export function relayKey(dataDir: string, random: Random): Redacted<Uint8Array> {
  makeProfileFolder(dataDir)
  const file = join(dataDir, KEY_FILE)
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
