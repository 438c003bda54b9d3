import { readFileSync } from 'node:fs'
import * as z from 'zod'

const proxies = z.record(z.string(), z.int().min(1).max(65_535))

/**
 * For tests of real processes. `SPACEPANDA_PROXIES` names a file that says, for a TCP port of this machine, which port to dial
 * instead; nothing that is not in it is dialled. It is looked into at each dial: ports are known once everybody listens.
 */
export function proxiesFrom(env: Readonly<Record<string, string | undefined>>): { via?: (tcpPort: number) => number | null } {
  const file = env['SPACEPANDA_PROXIES']
  return file === undefined ? {} : { via: (tcpPort) => read(file)[tcpPort] ?? null }
}

function read(file: string): Record<string, number> {
  try {
    return proxies.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // not written yet: then nobody can be reached
    return {}
  }
}
