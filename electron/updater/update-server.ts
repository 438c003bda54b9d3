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
/** A line that is silent so long is dead. */
const SILENCE_MS = 60_000

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

  /** Yields what comes; each wait for more ends after `patience`. */
  async function* bytesOf(name: string, outer: AbortSignal, patience: number): AsyncIterable<Uint8Array> {
    const inner = new AbortController()
    const signal = AbortSignal.any([outer, inner.signal])
    let cancel = clock.after(patience, () => inner.abort())
    try {
      for await (const chunk of await open(name, signal)) {
        cancel()
        yield chunk
        cancel = clock.after(patience, () => inner.abort())
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
        for await (const part of bytesOf(ANNOUNCEMENT_NAME, AbortSignal.any([signal, late.signal]), ANNOUNCEMENT_MS)) {
          parts.push(part)
          length += part.length
          if (length > MAX_ANNOUNCEMENT_BYTES) break
        }
      } finally {
        cancel()
      }
      return new Uint8Array(Buffer.concat(parts)).subarray(0, MAX_ANNOUNCEMENT_BYTES + 1)
    },
    packageBytes: (name, signal) => bytesOf(name, signal, SILENCE_MS),
  }
}
