import type { ChannelId } from '../../shared/domain/ids.ts'
import type { Bridge, FileWish } from '../../shared/ipc/bridge.ts'
import type { ArgsIn, Method, ResultOf } from '../../shared/ipc/contract.ts'
import type { CallResult, ErrorCode } from '../../shared/ipc/error-codes.ts'
import type { LoginItemState } from '../../shared/ipc/login-item.ts'
import type { NodeEventName, NodeEvents } from '../../shared/ipc/events.ts'
import type { UpdateStep, UpdateWish } from '../../shared/ipc/updates.ts'
import type { World } from './world.ts'

export type Handler<M extends Method> = (args: ArgsIn<M>) => CallResult<ResultOf<M>> | Promise<CallResult<ResultOf<M>>>

export const refuse = (code: ErrorCode, message = ''): { ok: false; error: { code: ErrorCode; message: string } } => ({
  ok: false,
  error: { code, message },
})
export const accept = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

/** What the fake node does with each call. */
export type Answers = { [M in Method]: (fake: FakeBridge, args: ArgsIn<M>) => CallResult<unknown> }

/** A bridge with a small node behind it that lives in memory and does what the test says. */
export interface FakeBridge extends Bridge {
  world: World
  calls: { method: Method; args: unknown }[]
  copied: string[]
  loginItemState: LoginItemState
  /** The channel that the window said is open. */
  lookedAt: ChannelId | null
  /** What the person was asked to choose, in the system's dialog. */
  wishes: FileWish[]
  /** What was asked of the updater. */
  updateWishes: UpdateWish[]
  /** Tells the window that an update stands so now. */
  update(step: UpdateStep): void
  /** Answers a method this way from now on. */
  on<M extends Method>(method: M, handler: Handler<M>): void
  emit<N extends NodeEventName>(event: N, data: NodeEvents[N]): void
  listeners(): number
}
