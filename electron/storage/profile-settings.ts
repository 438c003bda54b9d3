/** Names of settings that storage itself has to know: what must differ between a profile and a copy of it. */
export const TRANSPORT_KEY = 'transport-key'
export const ENDPOINT = 'endpoint'
export const TRANSPORT_KEY_BYTES = 32
/** As whom this device asked to be in spaces (`node/joins/given-up.ts`): were two to ask as one, either would put the other out. */
export const GIVEN_UP = 'joins-given-up'
/** That a group went astray (`sync/returning/astray.ts`), each with the group's id: it counts on from where it is, which no copy may. */
export const ASTRAY_MARKS = 'astray/*'
