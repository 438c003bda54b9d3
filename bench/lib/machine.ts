import { cpus, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** What figures depend on besides the code. No names of anything. */
export interface Machine {
  cores: number
  platform: string
  arch: string
  node: string
  /** Null outside of Electron. */
  electron: string | null
}

export const machine = (): Machine => ({
  cores: cpus().length,
  platform: process.platform,
  arch: process.arch,
  node: process.versions.node,
  electron: process.versions['electron'] ?? null,
})

/** How many programs wanted a core at once, over the last minute, ourselves and whoever prepared us included. */
export const loadNow = (): number => loadavg()[0] ?? 0

const LOOK_MS = 500

/** How much of all cores others use, in [0, 1], seen while this process waits. */
export async function takenByOthers(): Promise<number> {
  const before = coreTimes()
  await sleep(LOOK_MS)
  const after = coreTimes()
  const all = after.all - before.all
  return all <= 0 ? 0 : 1 - (after.idle - before.idle) / all
}

function coreTimes(): { all: number; idle: number } {
  const times = cpus().map((core) => core.times)
  const idle = times.reduce((sum, core) => sum + core.idle, 0)
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) }
}

/** From here on others are in the way of what is measured. */
export const isBusy = (taken: number): boolean => taken > 0.2
