import type { TaskId } from '../../shared/domain/ids.ts'
import type { Task, TaskKind, TaskResult } from '../../shared/domain/tasks.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { Clock } from '../kernel/clock.ts'
import { AppError, toCodedError } from '../kernel/errors.ts'
import { faultName } from '../kernel/logger.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Random } from '../kernel/random.ts'
import type { Work } from '../kernel/work.ts'

interface Deps {
  clock: Clock
  random: Random
  logger: Logger
  emit: (event: NodeEvent) => void
}

interface Entry {
  task: Task
  abort: AbortController
  ended: Promise<void>
  toldAt: number
}

/** A window redraws no faster than this is worth. */
const TELL_EVERY_MS = 100
/** Ended tasks that are still listed. */
const REMEMBERED = 20

/** Long work of a node, whether or not a profile is open: started, watched, cancelled, one of each kind at a time. */
export class Tasks {
  readonly #deps: Deps
  readonly #entries = new Map<TaskId, Entry>()
  #ended = false

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Answers at once. Throws `AppError('conflict')` while work of that kind is under way, and 'stopping' once the node stops. */
  start(kind: TaskKind, work: (control: Work) => Promise<TaskResult>): Task {
    if (this.#ended) throw new AppError('stopping', 'SpacePanda is closing.')
    if (this.#running().some(({ task }) => task.kind === kind)) {
      throw new AppError('conflict', 'This is under way already. Wait until it is done, or cancel it.')
    }
    const taskId = this.#deps.random.id<TaskId>()
    const task: Task = { taskId, kind, startedAt: this.#deps.clock.now(), state: { kind: 'running', done: 0, total: null } }
    const entry: Entry = { task, abort: new AbortController(), ended: Promise.resolve(), toldAt: 0 }
    this.#entries.set(taskId, entry)
    this.#tell(entry)
    entry.ended = this.#carryOut(entry, work)
    this.#forgetOld()
    return task
  }

  list(): Task[] {
    return [...this.#entries.values()].map(({ task }) => task).reverse()
  }

  /** Asks it to stop; it ends as `cancelled` unless it was done first. Throws `AppError('not-found')`. */
  cancel(taskId: TaskId): Task {
    const entry = this.#entries.get(taskId)
    if (entry === undefined) throw new AppError('not-found', 'There is no such task.')
    entry.abort.abort()
    return entry.task
  }

  /** Cancels everything and waits until it has ended. What names people is forgotten: the list is open to who cannot open the profile. */
  async stop(): Promise<void> {
    for (const { abort } of this.#running()) abort.abort()
    await Promise.all([...this.#entries.values()].map(({ ended }) => ended))
    for (const [taskId, { task }] of this.#entries) if (task.kind === 'connection') this.#entries.delete(taskId)
  }

  /** As `stop`, and nothing starts any more. */
  async end(): Promise<void> {
    this.#ended = true
    await this.stop()
  }

  async #carryOut(entry: Entry, work: (control: Work) => Promise<TaskResult>): Promise<void> {
    const { logger, clock } = this.#deps
    const { signal } = entry.abort
    const progress = (done: number, total: number | null): void => {
      if (entry.task.state.kind !== 'running') return
      entry.task = { ...entry.task, state: { kind: 'running', done, total } }
      if (clock.now() - entry.toldAt >= TELL_EVERY_MS) this.#tell(entry)
    }
    try {
      const result = await work({ signal, progress })
      entry.task = { ...entry.task, state: { kind: 'done', result } }
    } catch (thrown) {
      const { code, message } = toCodedError(thrown)
      if (code === 'internal') logger.error('task-failed', { kind: entry.task.kind, fault: faultName(thrown) })
      entry.task = { ...entry.task, state: code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', code, message } }
    }
    this.#tell(entry)
  }

  #tell(entry: Entry): void {
    entry.toldAt = this.#deps.clock.now()
    this.#deps.emit({ event: 'task.changed', data: entry.task })
  }

  #running(): Entry[] {
    return [...this.#entries.values()].filter(({ task }) => task.state.kind === 'running')
  }

  #forgetOld(): void {
    const ended = [...this.#entries.values()].filter(({ task }) => task.state.kind !== 'running')
    for (const { task } of ended.slice(0, -REMEMBERED)) this.#entries.delete(task.taskId)
  }
}
