import { expect, it } from 'vitest'
import { AppError } from '../kernel/errors.ts'
import { serveStatus } from './status-server.ts'

it('numbers that cannot be had, of a mailbox whose disk cannot be read, are no numbers, and end nothing', async () => {
  let isBroken = true
  const server = await serveStatus(0, () => {
    if (isBroken) throw new AppError('disk', 'The disk cannot be read.')
    return 'spacepanda_relay_connections 1\n'
  })
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`, { signal: AbortSignal.timeout(2_000) })
  try {
    expect((await get('/metrics')).status).toBe(500)
    expect((await get('/health')).status).toBe(200)
    isBroken = false
    expect(await (await get('/metrics')).text()).toContain('connections 1')
  } finally {
    await server.stop()
  }
})
