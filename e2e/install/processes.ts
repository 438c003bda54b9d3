import { readFileSync, readdirSync } from 'node:fs'
import { expect } from 'vitest'

/** A line of what the kernel says of a process. */
export const statusOf = (pid: number, field: string): string =>
  new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''

/** A process and those below it, with their command lines, by the kernel's own account. */
export const familyOf = (ancestor: number): { pid: number; line: string }[] => {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(statusOf(Number(name), 'PPid'))
        return [{ pid: Number(name), parent, line: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]
      } catch {
        return [] // gone meanwhile
      }
    })
  const below = (pid: number): typeof rows => rows.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...below(row.pid)])
  return [...rows.filter(({ pid }) => pid === ancestor), ...below(ancestor)]
}

/** Holds that a program with a window keeps its pages in Chromium's sandbox. */
export function expectSandbox(pid: number): void {
  const family = familyOf(pid)
  for (const { line } of family) expect(line).not.toContain('--no-sandbox')
  const pages = family.filter(({ line }) => line.includes('--type=renderer'))
  expect(pages.length).toBeGreaterThan(0)
  // 2: a seccomp filter is on, which Chromium only loads inside its sandbox.
  for (const page of pages) expect(statusOf(page.pid, 'Seccomp')).toBe('2')
}
