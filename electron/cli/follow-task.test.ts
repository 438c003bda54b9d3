import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../shared/domain/ids.ts'
import type { Task, TaskState } from '../../shared/domain/tasks.ts'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import { followTask } from './follow-task.ts'
import type { CliNode } from './open-node.ts'
import type { Output } from './output.ts'

const result = { kind: 'export', file: '/a.json', messages: 3 } as const
const task = (state: TaskState, id = 'a'): Task => ({ taskId: id as TaskId, kind: 'export', startedAt: 0, state })
const running = (done: number, total: number | null): Task => task({ kind: 'running', done, total })

describe('followTask', () => {
  const listeners = new Set<(event: NodeEvent) => void>()
  const cancelled = vi.fn<(args: { taskId: TaskId }) => Promise<Task>>()
  const meter = vi.fn<Output['meter']>()
  let listed: Task[] = []
  let closed = Promise.withResolvers<undefined>()
  let interrupt = new AbortController()

  const node = (): CliNode => ({
    api: { 'tasks.list': () => Promise.resolve(listed), 'tasks.cancel': cancelled } as unknown as CliNode['api'],
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    remote: true,
    closed: closed.promise,
    stop: () => Promise.resolve(),
  })
  const tell = (changed: Task): void => listeners.forEach((listen) => listen({ event: 'task.changed', data: changed }))
  const follow = (start: () => Promise<Task> = () => Promise.resolve(running(0, null))) =>
    followTask(
      node(),
      { kind: 'export', words: 'Exporting', start },
      { output: { meter } as unknown as Output, interrupted: interrupt.signal },
    )
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }

  beforeEach(() => {
    vi.resetAllMocks()
    listeners.clear()
    cancelled.mockResolvedValue(running(0, null))
    listed = [running(0, null)]
    closed = Promise.withResolvers()
    interrupt = new AbortController()
  })

  it('shows how far it is, answers the result, and leaves nothing behind', async () => {
    const following = follow()
    await settled()
    tell(task({ kind: 'done', result }, 'another'))
    tell(running(50, 200))
    tell(running(7, null))
    tell(task({ kind: 'done', result }))
    expect(await following).toEqual(result)
    expect(meter.mock.calls).toEqual([['Exporting 25 %'], ['Exporting …'], [null]])
    expect(listeners.size).toBe(0)
  })

  it('sees one that was over before it could listen', async () => {
    listed = [task({ kind: 'done', result }, 'another'), task({ kind: 'done', result })]
    expect(await follow()).toEqual(result)
  })

  it('fails with what the task failed with', async () => {
    listed = [task({ kind: 'failed', code: 'disk', message: 'The disk is full.' })]
    await expect(follow()).rejects.toMatchObject({ code: 'disk', message: 'The disk is full.' })
    expect(meter).toHaveBeenLastCalledWith(null)
  })

  it('cancels when it is interrupted, and waits for the end', async () => {
    const following = follow()
    await settled()
    interrupt.abort()
    await settled()
    expect(cancelled).toHaveBeenCalledExactlyOnceWith({ taskId: 'a' })
    tell(running(9, 10))
    tell(task({ kind: 'cancelled' }))
    await expect(following).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('cancels one that begins after it was interrupted', async () => {
    interrupt.abort()
    listed = [task({ kind: 'cancelled' })]
    await expect(follow()).rejects.toMatchObject({ code: 'cancelled' })
    expect(cancelled).toHaveBeenCalledOnce()
  })

  it('does not wait for a node that is gone, nor for a task that was not begun', async () => {
    const following = follow()
    await settled()
    closed.resolve(undefined)
    await expect(following).rejects.toMatchObject({ code: 'stopping' })
    await expect(follow(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(listeners.size).toBe(0)
  })
})
