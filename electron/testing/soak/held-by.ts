import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What a process holds of the system. */
export interface Held {
  /** Resident memory that is its own, in bytes: pages of files do not count. */
  resident: number
  sockets: number
  /** Everything else that is open: files, pipes, timers of the kernel. */
  others: number
}

/** As Linux tells it (proc(5)). Throws where there is no such process. */
export function heldBy(pid: number): Held {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kibibytes = Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1])
  const folder = `/proc/${pid}/fd`
  const targets = readdirSync(folder).flatMap((fd) => targetOf(join(folder, fd)) ?? [])
  const sockets = targets.filter((target) => target.startsWith('socket:')).length
  return { resident: kibibytes * 1024, sockets, others: targets.length - sockets }
}

/** Null for one that was closed meanwhile. */
function targetOf(fd: string): string | null {
  try {
    return readlinkSync(fd)
  } catch {
    return null
  }
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
