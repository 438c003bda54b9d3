import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../../kernel/random.ts'
import type { MailboxGet } from '../../../ports/mailbox.ts'
import { createPerson, never, type NetworkHarness, type Person } from './harness.ts'

/** What carries requests to real mailboxes is tested with them (`testing/mailbox`). */
export function describeMailbox(createHarness: () => NetworkHarness): void {
  describe('asking a mailbox', () => {
    let harness: NetworkHarness
    let alice: Person
    let carol: Person
    const get: MailboxGet = { kind: 'get', tag: systemRandom.bytes(32), at: 5, after: 0, signature: systemRandom.bytes(64) }
    beforeEach(async () => {
      harness = createHarness()
      alice = await createPerson(harness, [])
      carol = await createPerson(harness, [])
    })
    afterEach(() => harness.dispose())

    it('fails at a peer that is none, and says so, and at one that is not there', async () => {
      await expect(carol.network.mailbox(alice.address(), get, never)).rejects.toMatchObject({ code: 'not-found' })
      const address = alice.address()
      await alice.network.stop()
      await expect(carol.network.mailbox(address, get, never)).rejects.toMatchObject({ code: 'unreachable' })
      expect(carol.network.sessions()).toEqual([])
    })

    it('can be given up', async () => {
      await expect(carol.network.mailbox(alice.address(), get, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    })

    it('fails once the network is stopped', async () => {
      await carol.network.stop()
      await expect(carol.network.mailbox(alice.address(), get, never)).rejects.toMatchObject({ code: 'stopping' })
    })
  })
}
