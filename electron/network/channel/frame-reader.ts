import type { Clock } from '../../kernel/clock.ts'
import type { ByteDuplex } from './byte-duplex.ts'
import { READ_DEADLINE_MS } from './constants.ts'
import { FrameDecoder, FrameError } from './frame.ts'
import { Assembler, type Message } from './message.ts'
import type { Offended } from './offence.ts'
import type { Budget } from './read-budget.ts'

export interface ReaderDeps {
  clock: Clock
  budget: Budget
  /** Of what the other end did on the stream that no honest peer does. */
  offended: Offended
}

/**
 * Reads messages of at most `maxBytes` off a stream. A peer that breaks a rule, or lets a begun frame or message rest
 * longer than the read deadline, has its stream reset; `onMessage` hears of whole messages only.
 */
export function readMessages(deps: ReaderDeps, duplex: ByteDuplex, maxBytes: number, onMessage: (message: Message) => void): void {
  const decoder = new FrameDecoder()
  const assembler = new Assembler(maxBytes, deps.budget)
  let cancelDeadline: (() => void) | null = null
  let closed = false
  const isClosed = (): boolean => closed

  const watch = (progress: boolean): void => {
    const waiting = decoder.partial || assembler.partial
    if (cancelDeadline !== null && (progress || !waiting)) {
      cancelDeadline()
      cancelDeadline = null
    }
    if (waiting) cancelDeadline ??= deps.clock.after(READ_DEADLINE_MS, () => duplex.reset('slow sender'))
  }

  duplex.onData((bytes) => {
    if (isClosed()) return
    try {
      const frames = decoder.push(bytes)
      for (const frame of frames) {
        const message = assembler.push(frame)
        if (message !== null) onMessage(message)
        if (isClosed()) return
      }
      watch(frames.length > 0)
    } catch (thrown) {
      duplex.reset('malformed')
      if (thrown instanceof FrameError && thrown.offence !== null) deps.offended(thrown.offence)
    }
  })
  duplex.onClose(() => {
    closed = true
    cancelDeadline?.()
    assembler.dispose()
  })
}
