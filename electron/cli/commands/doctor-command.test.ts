import { EventEmitter } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Task } from '../../../shared/domain/tasks.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { serveControl } from '../../node/control/control-server.ts'
import { PASSPHRASE, newcomer, startNode } from '../../testing/story/test-node.ts'
import { tempDir } from '../../testing/temp-dir.ts'
import { runCli } from '../run-cli.ts'

let folder: ReturnType<typeof tempDir>
const stops: (() => unknown)[] = []
beforeEach(() => {
  folder = tempDir()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  folder.remove()
})

function run(argv: string[], env: Record<string, string> = {}) {
  const [out, err]: [string[], string[]] = [[], []]
  const host = Object.assign(new EventEmitter(), {
    platform: process.platform,
    env: { SPACEPANDA_DATA_DIR: join(folder.dir, 'Alice'), SPACEPANDA_PASSPHRASE: PASSPHRASE, SPACEPANDA_NETWORK: 'loopback', ...env },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  })
  const status = runCli(argv, host as unknown as NodeJS.Process)
  return { host, ended: status.then((code) => ({ status: code, out: out.join(''), err: err.join('') })) }
}

const TASK = 'aa'.repeat(16) as Task['taskId']

interface Report {
  ok: boolean
  checks: { name: string; ok: boolean; detail: string }[]
}
const reportOf = (out: string): Report => JSON.parse(out) as Report

async function aliceWithSpace(): Promise<string> {
  const alice = await newcomer(folder.dir, 'Alice')
  await alice.api['spaces.create']({ name: 'Garden' })
  await alice.stop()
  return join(alice.dataDir, 'profile.db')
}

describe('doctor', { timeout: 60_000 }, () => {
  it('says what it looked at, and ends well where nothing is wrong', async () => {
    await aliceWithSpace()
    const { status, out } = await run(['doctor', '--json']).ended
    expect(status).toBe(0)
    const { ok, checks } = reportOf(out)
    expect(ok).toBe(true)
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['key-file', 'disk', 'pages', 'structure', 'search', 'spaces']))
    expect(checks.every((check) => check.ok && check.detail.endsWith('.') && Object.keys(check).length === 3)).toBe(true)
  })

  it('asks the running SpacePanda where there is one', async () => {
    await aliceWithSpace()
    const running = await startNode(join(folder.dir, 'Alice'))
    stops.push(() => running.stop())
    await running.api['profile.unlock']({ passphrase: PASSPHRASE })
    const { status, out } = await run(['doctor']).ended
    expect([status, out]).toEqual([0, expect.stringMatching(/^ok .*\n(ok .*\n)+$/)])
  })

  it('ends with status 1 where something is wrong, and repairs it when told to; tells a person on standard error what goes on', async () => {
    const file = await aliceWithSpace()
    const bytes = readFileSync(file)
    bytes.fill(9, 4096 * 3 + 5, 4096 * 3 + 9)
    writeFileSync(file, bytes)
    const found = await run(['doctor', '--json']).ended
    expect(found.status).toBe(1)
    expect(reportOf(found.out).checks.some(({ ok }) => !ok)).toBe(true)
    const repaired = await run(['doctor', '--repair']).ended
    expect(repaired.err).toContain('repairing')
    expect([repaired.status, repaired.out]).toEqual([0, expect.stringMatching(/^ok {3}(The damaged parts|There was no snapshot)/)])
    expect((await run(['doctor', '--json']).ended).status).toBe(0)
  })

  it('names a wrong passphrase and a missing profile as all commands do', async () => {
    await aliceWithSpace()
    const wrong = await run(['doctor', '--json'], { SPACEPANDA_PASSPHRASE: 'some other one' }).ended
    expect([wrong.status, wrong.out]).toEqual([4, expect.stringContaining('"wrong-passphrase"')])
    const none = await run(['doctor', '--repair', '--json'], { SPACEPANDA_DATA_DIR: join(folder.dir, 'nowhere') }).ended
    expect([none.status, none.out]).toEqual([3, expect.stringContaining('"no-profile"')])
  })

  it('is cancelled by an interrupt', async () => {
    const cancelled: unknown[] = []
    const listeners = new Set<(event: NodeEvent) => void>()
    const task: Task = { taskId: TASK, kind: 'repair', startedAt: 1, state: { kind: 'running', done: 1, total: 2 } }
    const api = {
      'doctor.run': () => Promise.resolve(task),
      'tasks.list': () => Promise.resolve([task]),
      'tasks.cancel': (args: unknown) => {
        cancelled.push(args)
        listeners.forEach((listener) => listener({ event: 'task.changed', data: { ...task, state: { kind: 'cancelled' } } }))
        return Promise.resolve(task)
      },
    }
    const on = (listener: (event: NodeEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    const server = await serveControl({ api: api as unknown as Api, on }, folder.dir, silentLogger)
    stops.push(() => server?.stop())
    const { host, ended } = run(['doctor', '--repair', '--json'], { SPACEPANDA_DATA_DIR: folder.dir })
    await expect.poll(() => listeners.size).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    host.emit('SIGINT')
    const { status, out } = await ended
    expect(out).toContain('"cancelled"')
    expect(status).toBe(1)
    expect(cancelled).toEqual([{ taskId: TASK }])
  })
})
