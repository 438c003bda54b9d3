import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { stopDescendants } from './descendants.mjs'

const onLinux = process.platform === 'linux'

test.runIf(onLinux)('a process that left our group is found and ended, one that will not go too', async () => {
  const quiet = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  const stubborn = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'] } })
  await once(stubborn.stdout, 'data')
  const signalOf = async (child: ChildProcess) => ((await once(child, 'exit')) as [number | null, string | null])[1]
  const ends = Promise.all([signalOf(quiet), signalOf(stubborn)])
  expect(await stopDescendants()).toBeGreaterThanOrEqual(2)
  expect(await ends).toEqual(['SIGTERM', 'SIGKILL'])
  expect(stranger.exitCode).toBeNull()
  expect(stranger.signalCode).toBeNull()
  stranger.kill()
})
