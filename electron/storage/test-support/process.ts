import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface TestProcess {
  child: ChildProcess
  /** Everything it printed so far, line by line. */
  lines: string[]
  /** Resolves with the next line that starts like this, or one printed already. Rejects if it ends before. */
  line(start: string): Promise<string>
  /** Kills it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>
  ended: Promise<unknown>
}

/** Runs a script of this folder in a process of its own, which does not outlive the test. */
export function runScript(name: string, ...args: string[]): TestProcess {
  const script = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = (): void => waiting.forEach((look) => look())
  const reader = createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    wake()
  })
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')])
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    lines,
    ended,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    line: (start) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.startsWith(start))
          if (found !== undefined) {
            waiting.delete(look)
            resolve(found)
          }
        }
        waiting.add(look)
        void ended.then(() => reject(new Error(`${name} ended without printing ${start}`)))
        look()
      }),
  }
}
