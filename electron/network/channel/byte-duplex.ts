/** The bytes of one stream of a connection, both ways. `libp2p/` makes them of libp2p's streams, tests of plain memory. */
export interface ByteDuplex {
  /** Sends the parts as one write. False: hold back until `drained`. Throws when the stream is closed. */
  send(parts: readonly Uint8Array[]): boolean
  /** Resolves when more may be sent. Rejects when the stream closes first. */
  drained(): Promise<void>
  /** Takes the one listener; bytes that came before it are kept for it. */
  onData(listener: (bytes: Uint8Array) => void): void
  /** Called once when either end closed or reset the stream; at once if that has happened already. */
  onClose(listener: () => void): void
  /** Lets what was sent arrive, then closes. */
  close(): void
  /** Tells the other end that the stream is over now; unsent bytes are lost. Twice is as good as once. */
  reset(reason: string): void
}
