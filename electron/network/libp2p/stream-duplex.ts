import type { Stream } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import type { ByteDuplex } from '../channel/byte-duplex.ts'

/** A libp2p stream as plain bytes. */
export function toByteDuplex(stream: Stream): ByteDuplex {
  const closeListeners: (() => void)[] = []
  let over = stream.status !== 'open'

  const end = (): void => {
    if (over) return
    over = true
    for (const listener of closeListeners.splice(0)) listener()
  }
  const reset = (reason: string): void => {
    stream.abort(new Error(reason))
    end()
  }
  stream.addEventListener('close', end)
  // Both ends close both ways: a stream the other end will not write to has nothing left to say here.
  stream.addEventListener('remoteCloseWrite', () => {
    end()
    close(stream)
  })

  return {
    send: (parts) => stream.send(new Uint8ArrayList(...parts)),
    drained: () => drained(stream),
    onData: (listener) => {
      // Piece by piece: putting them together first would copy all that arrives once more.
      stream.addEventListener('message', ({ data }) => {
        for (const piece of data instanceof Uint8Array ? [data] : data) listener(piece)
      })
    },
    onClose: (listener) => {
      if (over) listener()
      else closeListeners.push(listener)
    },
    close: () => {
      end()
      close(stream)
    },
    reset,
  }
}

function close(stream: Stream): void {
  stream.close().catch((thrown: unknown) => stream.abort(thrown instanceof Error ? thrown : new Error('close failed')))
}

/** libp2p's own `onDrain` resolves at once from its second use on (its promise is never renewed, 7.4.1), hence the events. */
function drained(stream: Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      stream.removeEventListener('idle', onIdle)
      stream.removeEventListener('close', onClose)
      settle()
    }
    const onIdle = (): void => finish(resolve)
    const onClose = (): void => finish(() => reject(new Error('closed')))
    stream.addEventListener('idle', onIdle)
    stream.addEventListener('close', onClose)
    if (stream.status !== 'open') onClose()
    else if (stream.writeBufferLength === 0) onIdle()
  })
}
