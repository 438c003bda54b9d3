import { readdir, readFile } from 'node:fs/promises'

/** Fields of a file like `/proc/PID/status`, or none if the process ended or is not ours to look at. */
async function fields(path: string): Promise<Map<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return new Map(
    text.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
}

/** A process and all it started, on Linux. */
export async function processTree(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const parents = await Promise.all(pids.map(async (pid) => [pid, Number((await fields(`/proc/${pid}/status`)).get('PPid'))] as const))
  const tree = new Set([root])
  for (let grown = true; grown;) {
    const before = tree.size
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid)
    grown = tree.size > before
  }
  return [...tree]
}

/**
 * Megabytes that a process and all it started have for themselves, shared pages counted in parts (PSS). Null where the
 * system does not say, or not of all of them: Chromium's sandboxed processes show theirs to root only.
 */
export async function pssOf(root: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const rollups = await Promise.all((await processTree(root)).map((pid) => fields(`/proc/${pid}/smaps_rollup`)))
  const sizes = rollups.map((rollup) => parseInt(rollup.get('Pss') ?? '', 10))
  return sizes.some(Number.isNaN) ? null : sizes.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024
}
