/** How a decoder is fuzzed. */
export interface Subject {
  name: string
  /** Encodings that are accepted, as different from each other as the format allows. */
  samples: readonly Uint8Array[]
  /** More to make mutants of, which need not be accepted: where most mutants of a sample would cost more than they are worth. */
  seeds?: readonly Uint8Array[]
  /** Which part of all cases are its own, where several subjects share one decoder. */
  share?: number
  /** Opens a sample as a structure and closes a changed one: for mutants that are well-formed. `close` may throw for what cannot be written. */
  structure: Structure | null
  /**
   * Gives mutated bytes to the decoder. True if it took them for something. May throw only what it says it throws, and that is
   * caught here.
   */
  decode(bytes: Uint8Array): boolean | Promise<boolean>
  /** Throws if a decoder changed anything that outlives the call. Asked now and then, and at the end. */
  unchanged?: () => void
}

export interface Structure {
  /** Whether fields may change their types, see `ValueOptions`. */
  loose: boolean
  open(bytes: Uint8Array): unknown
  close(value: unknown): Uint8Array
}
