import { cpus, loadavg } from 'node:os'

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

/** How many programs wanted a core at once, over the last minute. Zero on Windows, which does not say. */
export const loadNow = (): number => loadavg()[0] ?? 0

/** From here on others take cores away while something is measured. */
export const isBusy = (load: number, cores: number): boolean => load > cores * 0.75
