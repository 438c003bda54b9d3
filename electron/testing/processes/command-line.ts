import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The command as it is installed: built by `npm run build`, which `npm test` runs first. */
const MAIN = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli', 'main.mjs')
const PASSPHRASE = 'a passphrase for tests'

export interface Ended {
  status: number | null
  /** Each line of standard output, read as JSON. */
  lines: Record<string, unknown>[]
  stderr: string
}

/** What to set in `env` for a process in a network namespace, with all networks that are there. */
export const inNamespace = (namespace: string): NodeJS.ProcessEnv => ({ [NAMESPACE]: namespace, SPACEPANDA_NETWORK: '' })
const NAMESPACE = 'SPACEPANDA_TEST_NAMESPACE'

function start(dataDir: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const namespace = env[NAMESPACE]
  const line = [process.execPath, MAIN, '--data-dir', dataDir, '--json', ...args]
  const [program = '', ...rest] = namespace === undefined ? line : ['ip', 'netns', 'exec', namespace, ...line]
  return spawn(program, rest, {
    env: { ...process.env, SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

const asRecord = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>

/** Runs one command in a process of its own, to its end. */
export async function run(dataDir: string, args: readonly string[], env?: NodeJS.ProcessEnv, stdin = ''): Promise<Ended> {
  const child = start(dataDir, args, env)
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout?.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => err.push(text))
  child.stdin?.end(stdin)
  await once(child, 'close')
  const lines = out
    .join('')
    .split('\n')
    .filter((line) => line !== '')
  return { status: child.exitCode, lines: lines.map(asRecord), stderr: err.join('') }
}

/** The one object that a command prints. Fails if it failed. */
export const result = (dataDir: string, ...args: string[]): Promise<Record<string, unknown>> => resultWith({}, dataDir, ...args)

export async function resultWith(env: NodeJS.ProcessEnv, dataDir: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { status, lines, stderr } = await run(dataDir, args, env)
  const [only, ...more] = lines
  if (status !== 0 || only === undefined || more.length > 0)
    throw new Error(`${args[0] ?? ''} ended with ${status}: ${JSON.stringify(lines)} ${stderr}`)
  return only
}

export interface Stream {
  readonly pid: number
  /** The next line for which `wanted` holds, of those already printed or still to come. */
  next(wanted: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A command that goes on: `serve`, `listen`. */
export const stream = (dataDir: string, ...args: string[]): Stream => streamWith({}, dataDir, ...args)

export function streamWith(env: NodeJS.ProcessEnv, dataDir: string, ...args: string[]): Stream {
  const child = start(dataDir, args, env)
  const lines: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  const errors: string[] = []
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(asRecord(line))
      wake()
    })
  }
  const closed = once(child, 'close').then(wake)
  return {
    pid: child.pid ?? 0,
    next: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = lines.findIndex(wanted)
          const [found] = at < 0 ? [] : lines.splice(at, 1)
          if (found === undefined && child.exitCode === null && child.signalCode === null) return
          waiting.delete(look)
          if (found === undefined) reject(new Error(`${args[0] ?? ''} ended with ${String(child.exitCode)}: ${errors.join('')}`))
          else resolve(found)
        }
        waiting.add(look)
        look()
      }),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      await closed
      // It goes on in spite of it (kernel/unheard.ts), and no test may.
      if (errors.some((text) => text.includes('promise-unheard')))
        throw new Error(`${args[0] ?? ''} left a failure unheard: ${errors.join('')}`)
      return child.exitCode
    },
  }
}
