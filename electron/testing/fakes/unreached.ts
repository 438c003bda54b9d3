import { UNREACHED, type Network } from '../../ports/network.ts'

/** What fakes know of how others reach them, and of relays: nothing. */
export const unreached: Pick<Network, 'reached' | 'probeRelay'> = {
  reached: () => UNREACHED,
  probeRelay: async () => ({ kind: 'no-answer', why: 'no-way' }),
}
