export const HELLO_PROTOCOL = '/spacepanda/hello/1'
/** What this build speaks, best first; the responder picks the first it knows. */
export const VERSIONS: readonly number[] = [2]
export const MAX_VERSIONS = 16
export const NONCE_BYTES = 32
export const TAG_BYTES = 32
/** `MembershipProver.tags` pads to a multiple of 8; more groups than this are not offered in one session. */
export const MAX_TAGS = 256
/** Ed25519; room for a hybrid signature later is a new version of the protocol. */
export const SIGNATURE_BYTES = 64
/** 256 proofs of about 140 bytes. */
export const MAX_HELLO_BYTES = 40 * 1024
/** SECURITY.md, "read deadline", for each of the three questions. */
export const HELLO_STEP_MS = 10_000
/** Names this protocol and its version in what members sign. */
export const BINDING_LABEL = 'spacepanda/hello/2'
