/** What WebRTC-direct's listener of libp2p is besides what it tells of itself (@libp2p/webrtc 6.0.33). */
interface MuxListener {
  startUDPMuxServer: (this: MuxListener, host: string, port: number, family: 4 | 6) => MuxServer
  close(): Promise<void>
}

interface MuxServer {
  /** The listener that closes it. */
  owner: unknown
  server: Promise<{ close(): Promise<void> }>
}

/** A port of this process, and whoever listens at it now; else `nobody`. */
interface Port {
  listener: MuxListener
  /** Keeps the native listener from being collected. */
  mux: MuxServer
}

/** Has what a packet is handed to, and drops it. Of whoever listened before nothing is kept: there is a private key among it. */
const nobody = {
  components: { upgrader: { createInboundAbortSignal: () => ({ clear: () => undefined }) } },
  shutdownController: { signal: AbortSignal.abort() },
  incomingConnection: async () => undefined,
  startUDPMuxServer: () => {
    throw new Error('nobody listens')
  },
  close: async () => undefined,
} satisfies MuxListener & Record<string, unknown>

const ports = new Map<string, Port>()
const nameOf = (host: string, port: number): string => `${host} ${port}`

/** Whether that UDP port is one that was listened at before in this process, and nobody has it now. */
export const isKept = (host: string, port: number): boolean => ports.get(nameOf(host, port))?.listener === nobody

/**
 * Closes them for good. Once, last, before a process takes Node's objects apart, which would wait for ever for a listener that is there:
 * what of it may go on (see below) goes on no longer than the process.
 */
export async function closePorts(): Promise<void> {
  const open = [...ports.values()]
  ports.clear()
  await Promise.all(open.map(async ({ mux }) => (await mux.server).close()))
}

/**
 * Has a listener for WebRTC-direct keep its UDP port open in this process when it is closed, and the next one take it over. What comes in
 * meanwhile is dropped. A native listener must not be stopped: about every third goes on calling back into memory that was freed
 * (`mStopped` of node-datachannel 0.33.4 begins as whatever was there), so that any packet afterwards ends the process.
 * Throws an `Error` where the listener is not as it was.
 */
export function keepPort<T extends object>(listener: T): T {
  if (!isMuxListener(listener)) throw new Error('WebRTC-direct listens in another way than it did')
  const start = listener.startUDPMuxServer
  const close = listener.close.bind(listener)
  let own: Port | null = null
  listener.startUDPMuxServer = (host, port, family) => {
    const name = nameOf(host, port)
    const known = ports.get(name)
    own = known ?? opened(name, listener, (at) => start.call(at, host, port, family))
    own.listener = listener
    return { ...own.mux, owner: listener, server: own.mux.server.then((server) => ({ ...server, close: stayOpen })) }
  }
  listener.close = async () => {
    await close()
    if (own?.listener === listener) own.listener = nobody
  }
  return listener
}

function opened(name: string, listener: MuxListener, start: (at: MuxListener) => MuxServer): Port {
  const port: Omit<Port, 'mux'> = { listener }
  // What calls back for a packet does so on whoever has the port then.
  const current = new Proxy<MuxListener>(nobody, { get: (_, key): unknown => Reflect.get(port.listener, key) })
  const whole = Object.assign(port, { mux: start(current) })
  ports.set(name, whole)
  whole.mux.server.catch(() => ports.delete(name))
  return whole
}

const isMuxListener = (listener: object): listener is MuxListener =>
  'startUDPMuxServer' in listener && typeof listener.startUDPMuxServer === 'function' && 'close' in listener

const stayOpen = async (): Promise<void> => undefined
