/** Names of settings that storage itself has to know: what must differ between a profile and a copy of it. */
export const TRANSPORT_KEY = 'transport-key'
export const ENDPOINT = 'endpoint'
export const TRANSPORT_KEY_BYTES = 32
