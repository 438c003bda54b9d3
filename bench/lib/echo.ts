/**
 * The baseline's own protocol: messages of one size there, an acknowledgement of 12 bytes back for each, which carries
 * its number and when it arrived. What a messenger does, without anything a messenger is for.
 */
const REPLY_BYTES = 12
/** Messages on their way while flooding: less than fits into the 256 KiB windows of a stream. */
const WINDOW = 128

/** A connection, of whatever kind, as bytes. */
export interface Pipe {
  send(bytes: Uint8Array): void
  onData(listener: (bytes: Uint8Array) => void): void
}

/** Milliseconds of a clock that all processes of a machine share. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** Calls back with each whole piece of `size` bytes. */
function cut(size: number, onPiece: (piece: Uint8Array) => void): (bytes: Uint8Array) => void {
  let rest: Uint8Array = new Uint8Array()
  return (bytes) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let at = 0
    for (; at + size <= all.length; at += size) onPiece(all.subarray(at, at + size))
    rest = all.subarray(at)
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The far end. All replies to what arrived together leave together. */
export function serveEcho(pipe: Pipe, messageBytes: number): void {
  let replies: Uint8Array[] = []
  const take = cut(messageBytes, (message) => {
    const reply = new Uint8Array(REPLY_BYTES)
    view(reply).setUint32(0, view(message).getUint32(0))
    view(reply).setFloat64(4, sharedNow())
    replies.push(reply)
  })
  pipe.onData((bytes) => {
    take(bytes)
    if (replies.length > 0) pipe.send(Buffer.concat(replies))
    replies = []
  })
}

export interface EchoClient {
  /** Milliseconds there, and there and back. */
  once(): Promise<{ there: number; back: number }>
  /** Milliseconds until `count` messages, one send each, were all acknowledged. */
  flood(count: number): Promise<number>
}

/** The near end. One call at a time. */
export function echoClient(pipe: Pipe, messageBytes: number): EchoClient {
  let onReply: (arrivedAt: number) => void = () => undefined
  let sent = 0
  let expected = 0
  pipe.onData(
    cut(REPLY_BYTES, (reply) => {
      if (view(reply).getUint32(0) !== expected) throw new Error('the baseline lost a message')
      expected = (expected + 1) >>> 0
      onReply(view(reply).getFloat64(4))
    }),
  )
  const sendOne = (): void => {
    const message = new Uint8Array(messageBytes)
    view(message).setUint32(0, sent)
    sent = (sent + 1) >>> 0
    pipe.send(message)
  }
  return {
    once: () =>
      new Promise((resolve) => {
        const started = sharedNow()
        onReply = (arrivedAt) => resolve({ there: arrivedAt - started, back: sharedNow() - started })
        sendOne()
      }),
    flood: (count) =>
      new Promise((resolve) => {
        const started = sharedNow()
        let left = count
        let unsent = count
        const fill = (): void => {
          for (; unsent > 0 && left - unsent < WINDOW; unsent--) sendOne()
        }
        onReply = () => {
          left -= 1
          if (left === 0) resolve(sharedNow() - started)
          else fill()
        }
        fill()
      }),
  }
}
