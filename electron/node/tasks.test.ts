import { expect, test } from 'vitest'
import type { NodeEvent } from '../../shared/ipc/events.ts'
import type { TaskId } from '../../shared/domain/ids.ts'
import type { TaskResult } from '../../shared/domain/tasks.ts'
import { AppError } from '../kernel/errors.ts'
import { silentLogger } from '../kernel/logger.ts'
import { systemRandom } from '../kernel/random.ts'
import { stopIfCancelled } from '../kernel/work.ts'
import { FakeClock } from '../testing/fakes/fake-clock.ts'
import { Tasks } from './tasks.ts'

const done: TaskResult = { kind: 'check', checks: [] }

function setUp() {
  const clock = new FakeClock()
  const told: unknown[] = []
  const emit = (event: NodeEvent): void => {
    if (event.event === 'task.changed') told.push(event.data.state)
  }
  const tasks = new Tasks({ clock, random: systemRandom, logger: silentLogger, emit })
  return { clock, told, tasks }
}

test('work tells that it began, how far it is, though not too often, and how it ended', async () => {
  const { tasks, told, clock } = setUp()
  const gate = Promise.withResolvers<undefined>()
  tasks.start('check', async ({ progress }) => {
    progress(1, 9)
    await gate.promise
    progress(5, 9)
    return done
  })
  clock.advance(100)
  gate.resolve(undefined)
  await tasks.stop()
  expect(told).toEqual([
    { kind: 'running', done: 0, total: null },
    { kind: 'running', done: 5, total: 9 },
    { kind: 'done', result: done },
  ])
})

test('what is cancelled ends as cancelled, and the same work can begin anew', async () => {
  const { tasks } = setUp()
  const endless = async ({ signal }: { signal: AbortSignal }): Promise<TaskResult> => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    stopIfCancelled({ signal })
    return done
  }
  const { taskId } = tasks.start('backup', endless)
  expect(() => tasks.start('backup', endless)).toThrow(expect.objectContaining({ code: 'conflict' }))
  tasks.cancel(taskId)
  await tasks.stop()
  expect(tasks.list()[0]?.state).toEqual({ kind: 'cancelled' })
  tasks.start('backup', () => Promise.resolve(done))
  await tasks.stop()
  expect(tasks.list()[0]?.state).toEqual({ kind: 'done', result: done })
})

test.each<[string, () => Promise<TaskResult>, string]>([
  ['a reason', () => Promise.reject(new AppError('disk', 'Full.')), 'disk'],
  ['a fault', () => Promise.reject(new TypeError('secret')), 'internal'],
])('work that fails for %s says so and nothing more', async (_, work, code) => {
  const { tasks } = setUp()
  tasks.start('export', work)
  await tasks.stop()
  expect(tasks.list()[0]?.state).toMatchObject({ kind: 'failed', code })
  expect(JSON.stringify(tasks.list())).not.toContain('secret')
})

test('a task that is not there cannot be cancelled, and old ones are forgotten', async () => {
  const { tasks } = setUp()
  expect(() => tasks.cancel('00'.repeat(16) as TaskId)).toThrow(expect.objectContaining({ code: 'not-found' }))
  for (let i = 0; i < 30; i++) {
    tasks.start('check', () => Promise.resolve(done))
    await tasks.stop()
  }
  expect(tasks.list().length).toBeLessThan(25)
})

test('what a test of the connection found, which names people, is gone once the profile is closed; what else ended is told still', async () => {
  const { tasks } = setUp()
  tasks.start('connection', () => Promise.resolve({ kind: 'connection', findings: [] }))
  tasks.start('check', () => Promise.resolve(done))
  await expect.poll(() => tasks.list().map(({ kind }) => kind)).toEqual(['check', 'connection'])
  await tasks.stop()
  expect(tasks.list().map(({ kind }) => kind)).toEqual(['check'])
})
