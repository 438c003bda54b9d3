import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { methods } from '../../../shared/ipc/contract.ts'
import type { Api, Method } from '../../../shared/ipc/contract.ts'
import { errorCodes } from '../../../shared/ipc/error-codes.ts'
import type { NodeEvent } from '../../../shared/ipc/events.ts'
import { AppError } from '../../kernel/errors.ts'
import { CONTROL_VERSION } from './control-server.ts'
import { dial } from './dial.ts'
import { MAX_ANSWER_CHARS, parseJson, readLines, writeLine } from './line-stream.ts'

const HELLO_MS = 5_000
/** How long to wait before each further look for a node that hung up before it said anything; about a second in all. */
const LOOK_AGAIN_MS = [20, 50, 100, 200, 300, 400]

/** Anything else the other side says; it is a node of ours and of this version, so the rest is its own affair. */
const event = z.looseObject({ event: z.string() })

const hello = z.strictObject({ spacepanda: z.int() })
const answer = z.strictObject({
  id: z.int(),
  result: z.union([
    z.strictObject({ ok: z.literal(true), value: z.unknown() }),
    z.strictObject({ ok: z.literal(false), error: z.strictObject({ code: z.enum(errorCodes), message: z.string() }) }),
  ]),
})
type Answer = z.output<typeof answer>['result']

/** A node that another process of this user runs. */
export interface RemoteNode {
  api: Api
  on(listener: (event: NodeEvent) => void): () => void
  /** Resolves when the other side is gone. */
  closed: Promise<void>
  stop(): Promise<void>
}

/**
 * Null if no node runs over this folder. Throws `AppError('in-use')` if one does that speaks another version, or that turns commands
 * away because too many ask it. One that ends as it is asked is looked for again: it may be gone, or another may have come.
 */
export async function connectControl(dataDir: string): Promise<RemoteNode | null> {
  for (const pauseMs of LOOK_AGAIN_MS) {
    const socket = await dial(dataDir)
    if (socket === null) return null
    const node = await new Promise<RemoteNode | null>((resolve, reject) => greet(socket, resolve, reject))
    if (node !== null) return node
    await pause(pauseMs)
  }
  throw new AppError(
    'in-use',
    'SpacePanda runs over this folder and does not answer: it is ending, or too much is asked of it. Try again in a moment.',
  )
}

/** Resolves to null if the other side ends before it greets. */
function greet(socket: Socket, resolve: (node: RemoteNode | null) => void, reject: (error: AppError) => void): void {
  const incompatible = new AppError('in-use', 'Another version of SpacePanda has this profile open. Close it first.')
  const pending = new Map<number, (result: Answer) => void>()
  const listeners = new Set<(event: NodeEvent) => void>()
  const timer = setTimeout(() => {
    socket.destroy()
    reject(incompatible)
  }, HELLO_MS)
  const closed = new Promise<void>((done) => {
    socket.once('close', () => {
      clearTimeout(timer)
      const gone: Answer = { ok: false, error: { code: 'stopping', message: 'SpacePanda was closed meanwhile.' } }
      for (const settle of pending.values()) settle(gone)
      pending.clear()
      // Whatever was decided before stands.
      resolve(null)
      done()
    })
  })
  let greeted = false
  readLines(socket, MAX_ANSWER_CHARS, (line) => {
    const value = parseJson(line)
    if (!greeted) {
      clearTimeout(timer)
      greeted = hello.safeParse(value).data?.spacepanda === CONTROL_VERSION
      if (greeted) resolve(remote(socket, pending, listeners, closed))
      else {
        reject(incompatible)
        socket.destroy()
      }
      return
    }
    const read = answer.safeParse(value)
    if (read.success) {
      pending.get(read.data.id)?.(read.data.result)
      pending.delete(read.data.id)
    } else if (event.safeParse(value).success) for (const listener of [...listeners]) listener(value as NodeEvent)
  })
}

function remote(
  socket: Socket,
  pending: Map<number, (result: Answer) => void>,
  listeners: Set<(event: NodeEvent) => void>,
  closed: Promise<void>,
): RemoteNode {
  let nextId = 0
  const ask = (body: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId++
      pending.set(id, (result) => (result.ok ? resolve(result.value) : reject(new AppError(result.error.code, result.error.message))))
      if (socket.destroyed) pending.get(id)?.({ ok: false, error: { code: 'stopping', message: 'SpacePanda was closed meanwhile.' } })
      else writeLine(socket, { id, ...body })
    })
  // The far side checks the arguments and makes the results; this one only carries them.
  const entries = methods.map((method: Method) => [method, (args: unknown) => ask({ method, args })])
  return {
    api: Object.fromEntries(entries) as Api,
    on: (listener) => {
      // Should the other side go meanwhile, `closed` says so.
      if (listeners.size === 0) ask({ subscribe: true }).catch(() => undefined)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    closed,
    stop: async () => {
      // Not `end`: a node that hangs would never end its side.
      socket.destroySoon()
      await closed
    },
  }
}
