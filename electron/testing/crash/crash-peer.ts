import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Api } from '../../../shared/ipc/contract.ts'
import { connectControl } from '../../node/control/control-client.ts'
import type { Trap } from './write-trap.ts'

const SCRIPT = fileURLToPath(new URL('./peer-process.ts', import.meta.url))

interface Running {
  child: ChildProcess
  api: Api
  hangUp: () => Promise<void>
  ended: Promise<void>
}

/** Someone whose node is a process of its own, made to be killed. */
export class CrashPeer {
  readonly name: string
  readonly dataDir: string
  #running: Running | null = null

  constructor(root: string, name: string) {
    this.name = name
    this.dataDir = join(root, name)
  }

  get api(): Api {
    if (this.#running === null) throw new Error(`${this.name} is not running`)
    return this.#running.api
  }

  get alive(): boolean {
    return this.#running !== null
  }

  /** Resolves once its profile is open; with a trap it may also have died on the way, which `alive` tells. */
  async start(trap: Trap | null = null): Promise<void> {
    const trapArgs = trap === null ? [] : [String(trap.writes), trap.side]
    const child = spawn(process.execPath, [SCRIPT, this.dataDir, this.name, ...trapArgs], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(child, 'exit').then(() => {
      this.#running = null
    })
    const ready = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => line === 'ready' && resolve())
    })
    const started = await Promise.race([ready.then(() => true), ended.then(() => false)])
    const control = started ? await connectControl(this.dataDir) : null
    if (control === null) {
      await ended
      if (trap === null) throw new Error(`${this.name} ended before it was ready`)
      return
    }
    this.#running = { child, api: control.api, hangUp: () => control.stop(), ended }
  }

  /** It will die at one of its next writes. */
  trap({ writes, side }: Trap): void {
    this.#running?.child.stdin?.write(`trap ${writes} ${side}\n`)
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const running = this.#running
    running?.child.kill('SIGKILL')
    await running?.ended
  }

  /** Resolves when it died by itself, or by force after `ms`. Answers which. */
  async dies(ms: number): Promise<'itself' | 'by force'> {
    const running = this.#running
    if (running === null) return 'itself'
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<'by force'>((resolve) => {
      timer = setTimeout(() => resolve('by force'), ms)
    })
    const how = await Promise.race([running.ended.then((): 'itself' => 'itself'), patience])
    clearTimeout(timer)
    if (how === 'by force') await this.kill()
    return how
  }

  /** Ends as a person ends it. */
  async stop(): Promise<void> {
    const running = this.#running
    if (running === null) return
    await running.hangUp()
    running.child.stdin?.write('stop\n')
    await running.ended
  }
}
