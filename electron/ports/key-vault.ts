/**
 * The operating system's keyring, as far as it can be trusted.
 * The desktop application has one (Electron's `safeStorage`); a terminal has none.
 */
export interface KeyVault {
  /** False where nothing or only a fixed password (`basic_text`) would protect the key: then a passphrase is mandatory. */
  readonly safe: boolean
  /** Encrypts a small secret for this user of this machine. Throws `AppError('unreadable')` where it cannot. */
  wrap(secret: Uint8Array): Promise<Uint8Array>
  /** Throws `AppError('unreadable')` when the keyring changed or is locked. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>
}
