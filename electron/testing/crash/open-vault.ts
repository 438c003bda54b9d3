import type { KeyVault } from '../../ports/key-vault.ts'

/** A keyring that keeps nothing secret, so that opening a profile costs no Argon2: for tests that open one very often. */
export const openVault: KeyVault = {
  safe: true,
  wrap: (secret) => Promise.resolve(secret.slice()),
  unwrap: (wrapped) => Promise.resolve(wrapped.slice()),
}
