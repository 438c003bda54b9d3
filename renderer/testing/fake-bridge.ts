import type { Bridge } from '../../shared/ipc/bridge.ts'
import type { ArgsIn, Method, ResultOf } from '../../shared/ipc/contract.ts'
import type { CallResult, ErrorCode } from '../../shared/ipc/error-codes.ts'
import type { NodeEvent, NodeEventName, NodeEvents } from '../../shared/ipc/events.ts'
import type { World } from './world.ts'
import { answer } from './answers.ts'

export type Handler<M extends Method> = (args: ArgsIn<M>) => CallResult<ResultOf<M>> | Promise<CallResult<ResultOf<M>>>

export const refuse = (code: ErrorCode, message = ''): { ok: false; error: { code: ErrorCode; message: string } } => ({
  ok: false,
  error: { code, message },
})
export const accept = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

/** A bridge with a small node behind it that lives in memory and does what the test says. */
export interface FakeBridge extends Bridge {
  world: World
  calls: { method: Method; args: unknown }[]
  copied: string[]
  /** Answers a method this way from now on. */
  on<M extends Method>(method: M, handler: Handler<M>): void
  emit<N extends NodeEventName>(event: N, data: NodeEvents[N]): void
  listeners(): number
}

export function createFakeBridge(world: World): FakeBridge {
  const listeners = new Set<(event: NodeEvent) => void>()
  const handlers = new Map<Method, Handler<Method>>()
  const fake: FakeBridge = {
    world,
    calls: [],
    copied: [],
    platform: 'linux',
    versions: { app: '0.1.0', electron: '45.4.1' },
    call: async (method, args) => {
      fake.calls.push({ method, args })
      const handler = handlers.get(method)
      const result: unknown = await (handler === undefined ? answer(fake, method, args) : handler(args))
      return structuredClone(result) as CallResult<ResultOf<typeof method>>
    },
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    copyText: async (text) => {
      fake.copied.push(text)
    },
    on: (method, handler) => void handlers.set(method, handler),
    emit: (event, data) => {
      for (const listener of [...listeners]) listener({ event, data: structuredClone(data) } as NodeEvent)
    },
    listeners: () => listeners.size,
  }
  return fake
}
