import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { freeTcpPort } from '../../network/libp2p/free-port.ts'
import { heapOf } from './heap-of.ts'

const KEPT_BYTES = 800_000
/** Makes as much garbage as it keeps at each line it reads, and compiles something new. */
const PROGRAM = `
  const kept = []
  const make = (n) => Array.from({ length: ${KEPT_BYTES / 8} }, (_, i) => i + n + 0.5)
  process.stdin.on('data', () => {
    for (let n = 0; n < 20; n++) make(n)
    for (let n = 0; n < 200; n++) for (let i = 0, run = new Function('a', 'return a * ' + Math.random()); i < 100; i++) run(i)
    kept.push(make(0))
    process.stdout.write('done')
  })
  process.stdout.write('ready')`

let child: ChildProcess | null = null
afterEach(async () => {
  child?.kill('SIGKILL')
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'close')
})

it('sees what a process keeps, and neither its garbage nor its code', { timeout: 60_000 }, async () => {
  const port = await freeTcpPort('127.0.0.1', 0)
  child = spawn(process.execPath, [`--inspect=127.0.0.1:${port}`, '-e', PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('no pipes')
  const act = async (): Promise<number> => {
    const done = once(stdout, 'data')
    stdin.write('more')
    await done
    return (await heapOf(port)).objects
  }
  await once(stdout, 'data')
  const first = await act()
  const grown = (await act()) - first
  expect(grown / KEPT_BYTES).toBeCloseTo(1, 1)
})
