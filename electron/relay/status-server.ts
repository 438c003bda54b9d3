import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { AppError } from '../kernel/errors.ts'

/** A monitor asks every few seconds; whoever is slower than this is none. */
const REQUEST_MS = 5_000
const MAX_CONNECTIONS = 16

export interface StatusServer {
  /** Where it listens: the port is chosen if 0 was asked for. */
  port: number
  stop(): Promise<void>
}

/**
 * Answers `/health` and `/metrics` on the loopback interface, where a monitor on the same machine or a tunnel finds it: how busy a relay
 * is concerns its operator alone. Throws `AppError('invalid')` if the port cannot be had.
 */
export async function serveStatus(port: number, metrics: () => string): Promise<StatusServer> {
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS },
    ({ method, url }, answer) => {
      const { status, body } = method === 'GET' ? pageAt(url, metrics) : NOTHING
      const type = url === '/health' ? 'application/json' : 'text/plain; version=0.0.4; charset=utf-8'
      answer.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      answer.end(body)
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, port)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const NOTHING = { status: 404, body: '' }

function pageAt(url: string | undefined, metrics: () => string): { status: number; body: string } {
  if (url === '/health') return { status: 200, body: '{"status":"ok"}\n' }
  if (url !== '/metrics') return NOTHING
  try {
    return { status: 200, body: metrics() }
  } catch {
    // Such as of a mailbox whose disk cannot be read: thrown on, it would end the relay.
    return { status: 500, body: '' }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new AppError('invalid', 'The port for metrics cannot be had: it is taken.', { cause })))
    server.listen({ host: '127.0.0.1', port }, resolve)
  })
}
