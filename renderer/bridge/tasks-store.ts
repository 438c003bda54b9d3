import { createStore } from 'zustand/vanilla'
import type { ArgsIn, Method } from '../../shared/ipc/contract.ts'
import type { CodedError } from '../../shared/ipc/error-codes.ts'
import type { TaskId } from '../../shared/domain/ids.ts'
import type { Task, TaskKind } from '../../shared/domain/tasks.ts'
import type { Client } from './client.ts'

/** The calls that begin long work. */
export type TaskMethod = Extract<
  Method,
  'backup.create' | 'backup.verify' | 'backup.restore' | 'export.channel' | 'doctor.run' | 'connection.test'
>

export interface TasksState {
  /** The one begun last first. */
  tasks: readonly Task[]
}

/** Of two reports on one task, the one that is farther on: what ended never goes on. */
function later(known: Task, incoming: Task): Task {
  if (known.state.kind !== 'running') return known
  if (incoming.state.kind === 'running' && incoming.state.done < known.state.done) return known
  return incoming
}

/** Long work, begun in this window or not: how far it is, and how it ended until somebody has seen that. */
export function createTasksStore(client: Client) {
  const store = createStore<TasksState>(() => ({ tasks: [] }))
  /** Ended ones that somebody has seen: events that come late do not bring them back. */
  const seen = new Set<TaskId>()
  const put = (task: Task) =>
    store.setState(({ tasks }) => {
      if (seen.has(task.taskId)) return { tasks }
      const known = tasks.some(({ taskId }) => taskId === task.taskId)
      return { tasks: known ? tasks.map((old) => (old.taskId === task.taskId ? later(old, task) : old)) : [task, ...tasks] }
    })
  return {
    store,
    start: () => client.on('task.changed', put),
    /** Takes what was under way before the window came to be; what has ended by then is old news. */
    load: async (): Promise<void> => {
      const result = await client.call('tasks.list', {})
      if (!result.ok) return
      for (const task of result.value.toReversed()) if (task.state.kind === 'running') put(task)
    },
    /** Begins long work. Null once it is under way, else why it is not. */
    begin: async <M extends TaskMethod>(method: M, args: ArgsIn<M>): Promise<CodedError | null> => {
      const result = await client.call<TaskMethod>(method, args)
      if (!result.ok) return result.error
      put(result.value)
      return null
    },
    cancel: async (taskId: TaskId): Promise<void> => {
      const result = await client.call('tasks.cancel', { taskId })
      if (result.ok) put(result.value)
    },
    /** Somebody saw how it ended. */
    dismiss: (taskId: TaskId) => {
      seen.add(taskId)
      store.setState(({ tasks }) => ({ tasks: tasks.filter((task) => task.taskId !== taskId) }))
    },
    /** Nothing of a profile that was closed stays, not even the name of a file. What goes on is told on: it may be what closed it. */
    clear: () => store.setState(({ tasks }) => ({ tasks: tasks.filter(({ state }) => state.kind === 'running') })),
  }
}

export type TasksStore = ReturnType<typeof createTasksStore>

/** The latest task of one of these kinds; null when there is none. */
export const latestOf = ({ tasks }: TasksState, kinds: readonly TaskKind[]): Task | null =>
  tasks.find(({ kind }) => kinds.includes(kind)) ?? null
