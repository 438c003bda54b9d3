// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Task, TaskState } from '../../../shared/domain/tasks.ts'
import { createClient } from '../../bridge/client.ts'
import { createFakeBridge } from '../../testing/fake-bridge.ts'
import { refuse } from '../../testing/fake-node.ts'
import { makeSpace, makeTask } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { emptyWorld, worldWith } from '../../testing/world.ts'
import { createTasksStore, latestOf } from '../../bridge/tasks-store.ts'

const running = (done: number, total: number | null = 100): TaskState => ({ kind: 'running', done, total })
const result = { kind: 'backup' as const, file: '/disk/copy', bytes: 48_300_000, spaces: 2, messages: 12_345 }
const done: TaskState = { kind: 'done', result }

function begin(tasks: Task[] = []) {
  const fake = createFakeBridge(emptyWorld({ tasks }))
  const store = createTasksStore(createClient(fake))
  store.start()
  return { fake, store, tasks: () => store.store.getState().tasks.map(({ state }) => state) }
}

it('keeps the report that is farther on, whatever the order of arrival', () => {
  const { fake, tasks } = begin()
  const task = makeTask('backup', running(5))
  fake.emit('task.changed', task)
  fake.emit('task.changed', { ...task, state: running(3) })
  expect(tasks()).toEqual([running(5)])
  fake.emit('task.changed', { ...task, state: done })
  fake.emit('task.changed', { ...task, state: running(9) })
  expect(tasks()).toEqual([done])
})

it('does not go back to the beginning when the answer comes after the end', async () => {
  const { fake, store, tasks } = begin()
  fake.on('backup.create', () => {
    const task = makeTask('backup', running(0, null))
    fake.emit('task.changed', { ...task, state: done })
    return { ok: true, value: task }
  })
  expect(await store.begin('backup.create', { file: '/disk/copy' })).toBeNull()
  expect(tasks()).toEqual([done])
})

it('takes up what is under way when the window opens, and not what has ended', async () => {
  const { store, tasks } = begin([makeTask('backup', running(1)), makeTask('check', done)])
  await store.load()
  expect(tasks()).toEqual([running(1)])
})

it('forgets what was seen for good, and all that ended when the profile closes', () => {
  const { fake, store, tasks } = begin()
  const task = makeTask('export', done)
  fake.emit('task.changed', task)
  store.dismiss(task.taskId)
  fake.emit('task.changed', task)
  expect(tasks()).toEqual([])
  fake.emit('task.changed', makeTask('check', running(1)))
  expect(latestOf(store.store.getState(), ['check'])?.kind).toBe('check')
  expect(latestOf(store.store.getState(), ['backup'])).toBeNull()
  fake.emit('task.changed', makeTask('verify', done))
  store.clear()
  expect(tasks()).toEqual([running(1)])
})

it('says why something could not begin', async () => {
  const { fake, store } = begin()
  fake.on('doctor.run', () => refuse('conflict'))
  expect((await store.begin('doctor.run', { repair: false }))?.code).toBe('conflict')
})

const opened = async () => {
  const view = openWindow(worldWith(makeSpace('Choir')))
  await screen.findByRole('main', { name: 'general' })
  return view
}

it('shows at the foot of the window what goes on, how far it is, and how it ended', async () => {
  const { fake, user } = await opened()
  const task = makeTask('backup', running(42))
  fake.emit('task.changed', task)
  expect((await screen.findByRole('status', { name: 'Work in progress' })).textContent).toBe('Making a backup')
  expect(screen.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuenow')).toBe('42')
  fake.emit('task.changed', { ...task, state: running(60, null) })
  await expect.poll(() => screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBeNull()
  fake.emit('task.changed', { ...task, state: done })
  expect(await screen.findByText('The backup is made and verified: 12,345 messages, 2 spaces, 48.3 MB.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByRole('status', { name: 'Work in progress' })).toBeNull()
})

it('leads from the foot of the window to where the work was begun', async () => {
  const { fake, user } = await opened()
  fake.emit('task.changed', makeTask('backup', running(42)))
  await user.click(await screen.findByRole('button', { name: 'Show' }))
  const dialog = within(screen.getByRole('dialog', { name: 'Settings' }))
  expect(dialog.getByRole('tab', { name: 'Data & backup', selected: true })).toBeDefined()
  expect(dialog.getByRole('progressbar', { name: 'Making a backup' })).toBeDefined()
  expect(screen.queryByRole('status', { name: 'Work in progress' })).toBeNull()
})

it('says how a task failed in words', async () => {
  const { fake } = await opened()
  fake.emit('task.changed', makeTask('backup', { kind: 'failed', code: 'disk', message: '' }))
  const words = (await screen.findByRole('status', { name: 'Work in progress' })).textContent
  expect(words).toBe('No backup was made. The disk did not take it. Check that there is room, then try again.')
})
