import type { Clock } from '../kernel/clock.ts'
import { ANNOUNCEMENT_NAME, MAX_ANNOUNCEMENT_BYTES } from './release/announcement.ts'

/** What the updater asks of the network. Every method throws when there is no answer, or when `signal` says so. */
export interface UpdateServer {
  /** At most one byte more than an announcement can have. */
  announcement(signal: AbortSignal): Promise<Uint8Array>
  /** The bytes of a package as they come, for ever if the server likes. */
  packageBytes(name: string, signal: AbortSignal): AsyncIterable<Uint8Array>
}

/** For the whole answer of some kilobytes. */
const ANNOUNCEMENT_MS = 30_000
/** A line by which less comes in so long a time is dead: a byte now and then would keep newer announcements from being heard of. */
const SLOW_MS = 60_000
const SLOW_BYTES = 128 * 1_024

interface Pace {
  /** In milliseconds. */
  patience: number
  /** In bytes. */
  least: number
}

const WHOLE: Pace = { patience: ANNOUNCEMENT_MS, least: 1 }

/** The same for everybody: the server learns an address, and which package is asked for, and nothing else. */
const headers = { 'user-agent': 'SpacePanda', 'accept-encoding': 'identity', 'cache-control': 'no-cache' }

type Fetch = (url: string, init: RequestInit) => Promise<Response>

export function createUpdateServer({ url, clock, fetch }: { url: string; clock: Clock; fetch: Fetch }): UpdateServer {
  const open = async (name: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    // Elsewhere is not where the makers said: a redirection is no answer.
    const response = await fetch(new URL(encodeURIComponent(name), url).href, { headers, signal, redirect: 'error', credentials: 'omit' })
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`)
    return response.body
  }

  /** Yields what comes; each wait for so many bytes more ends after `patience`. What is done with them in between takes the time it takes. */
  async function* bytesOf(name: string, outer: AbortSignal, { patience, least }: Pace): AsyncIterable<Uint8Array> {
    const inner = new AbortController()
    const signal = AbortSignal.any([outer, inner.signal])
    let left = patience
    let came = 0
    let since = clock.now()
    let cancel = clock.after(left, () => inner.abort())
    try {
      for await (const chunk of await open(name, signal)) {
        cancel()
        came += chunk.length
        left -= clock.now() - since
        if (came >= least) [came, left] = [0, patience]
        yield chunk
        since = clock.now()
        cancel = clock.after(Math.max(0, left), () => inner.abort())
      }
    } finally {
      cancel()
      // Whoever stops listening early wants no more of it.
      inner.abort()
    }
  }

  return {
    announcement: async (signal) => {
      const parts: Uint8Array[] = []
      let length = 0
      const late = new AbortController()
      const cancel = clock.after(ANNOUNCEMENT_MS, () => late.abort())
      try {
        for await (const part of bytesOf(ANNOUNCEMENT_NAME, AbortSignal.any([signal, late.signal]), WHOLE)) {
          parts.push(part)
          length += part.length
          if (length > MAX_ANNOUNCEMENT_BYTES) break
        }
      } finally {
        cancel()
      }
      return new Uint8Array(Buffer.concat(parts)).subarray(0, MAX_ANNOUNCEMENT_BYTES + 1)
    },
    packageBytes: (name, signal) => bytesOf(name, signal, { patience: SLOW_MS, least: SLOW_BYTES }),
  }
}
