import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/** `wanted` if it can be had there, else one that can. `wanted` 0 asks for any. */
export async function freeTcpPort(host: string, wanted: number): Promise<number> {
  return (await tcpPort(host, wanted)) ?? (await tcpPort(host, 0)) ?? 0
}

export async function freeUdpPort(host: string, wanted: number): Promise<number> {
  return (await udpPort(host, wanted)) ?? (await udpPort(host, 0)) ?? 0
}

function tcpPort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}

function udpPort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => {
      socket.close()
      resolve(null)
    })
    socket.bind({ port, address: host, exclusive: true }, () => {
      const bound = socket.address().port
      socket.close(() => resolve(bound))
    })
  })
}
