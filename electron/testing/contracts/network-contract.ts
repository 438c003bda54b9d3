import { describe } from 'vitest'
import { describeExchange } from './network/exchange.ts'
import type { NetworkHarness } from './network/harness.ts'
import { describeJoining } from './network/joining.ts'
import { describeLifecycle } from './network/lifecycle.ts'
import { describeMailbox } from './network/mailbox.ts'
import { describeMembership } from './network/membership.ts'

export type { NetworkHarness } from './network/harness.ts'

/** What every `Network` must do, whatever carries it. */
export function networkContract(name: string, createHarness: () => NetworkHarness): void {
  describe(`network contract: ${name}`, () => {
    describeMembership(createHarness)
    describeExchange(createHarness)
    describeJoining(createHarness)
    describeMailbox(createHarness)
    describeLifecycle(createHarness)
  })
}
