import type { Task, TaskResult } from '../../shared/domain/tasks.ts'
import { AppError } from '../kernel/errors.ts'
import { awaitEvent } from './await-event.ts'
import type { CliContext } from './context.ts'
import type { CliNode } from './open-node.ts'

type Kind = TaskResult['kind']

/** Until a task ended nothing else ends the waiting: being interrupted cancels the task, which ends then. */
const never = new AbortController().signal

/**
 * Starts long work, shows how far it is, and answers its result. Interrupted, it is cancelled and waited for, so that nothing half done
 * is left. Throws `AppError`: what the task failed with, 'cancelled', 'stopping'.
 */
export async function followTask<K extends Kind>(
  node: CliNode,
  { kind, words, start }: { kind: K; words: string; start: () => Promise<Task> },
  { output, interrupted }: Pick<CliContext, 'output' | 'interrupted'>,
): Promise<Extract<TaskResult, { kind: K }>> {
  const { taskId } = await start()
  const show = (task: Task): void => {
    if (task.taskId === taskId && task.state.kind === 'running') output.meter(`${words} ${shareOf(task.state)}`)
  }
  const unsubscribe = node.on((event) => {
    if (event.event === 'task.changed') show(event.data)
  })
  const cancel = (): void => void node.api['tasks.cancel']({ taskId }).catch(() => undefined)
  if (interrupted.aborted) cancel()
  interrupted.addEventListener('abort', cancel, { once: true })
  try {
    const ended = (task: Task | undefined): Task | null =>
      task === undefined || task.taskId !== taskId || task.state.kind === 'running' ? null : task
    const { state } = await awaitEvent(node, {
      now: async () => ended((await node.api['tasks.list']({})).find((task) => task.taskId === taskId)),
      seen: (event) => (event.event === 'task.changed' ? ended(event.data) : null),
      timeoutMs: null,
      interrupted: never,
    })
    if (state.kind === 'failed') throw new AppError(state.code, state.message)
    if (state.kind === 'done' && isOf(state.result, kind)) return state.result
    throw new AppError('cancelled', 'Cancelled. Nothing was changed.')
  } finally {
    output.meter(null)
    unsubscribe()
    interrupted.removeEventListener('abort', cancel)
  }
}

const isOf = <K extends Kind>(result: TaskResult, kind: K): result is Extract<TaskResult, { kind: K }> => result.kind === kind

const shareOf = ({ done, total }: { done: number; total: number | null }): string =>
  total === null || total === 0 ? '…' : `${Math.floor((100 * Math.min(done, total)) / total)} %`
