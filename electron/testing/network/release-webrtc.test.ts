import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Far more than it takes: what this is about waits for ever, or aborts. */
const LIMIT_MS = 30_000

it('a process with channels of WebRTC open can be taken apart once they are released', async () => {
  const script = join(import.meta.dirname, 'open-channel.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'released'], { timeout: LIMIT_MS, killSignal: 'SIGKILL' })
  expect(stdout).toBe('ended')
})
