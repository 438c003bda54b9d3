import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Pipe } from './echo.ts'

const pipeOf = (socket: Socket): Pipe => ({
  send: (bytes) => void socket.write(bytes),
  onData: (listener) => void socket.on('data', listener),
})

/** Listens on loopback, on a port that is free. */
export async function listenTcp(onPipe: (pipe: Pipe) => void): Promise<{ port: number; stop: () => Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    onPipe(pipeOf(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, stop }
}

export async function dialTcp(port: number): Promise<{ pipe: Pipe; stop: () => void }> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  return { pipe: pipeOf(socket), stop: () => void socket.destroy() }
}
