import { queryObjects } from 'node:v8'
import { expect, it } from 'vitest'
import { AppError } from '../../kernel/errors.ts'
import type { MailboxGet } from '../../ports/mailbox.ts'
import { createPerson } from '../../testing/contracts/network/harness.ts'
import { createMemorySessions, settle } from '../../testing/network/memory-sessions.ts'

const get: MailboxGet = { kind: 'get', tag: new Uint8Array(32), at: 0, after: 0, signature: new Uint8Array(64) }

const codeOf = (thrown: unknown): unknown => (thrown instanceof AppError ? thrown.code : thrown)

/** How many there are that something keeps. */
const signals = (): number => Number(queryObjects(AbortSignal))

it('asking a mailbox leaves no signal behind, however often it is done', async () => {
  const harness = createMemorySessions()
  const [alice, bob] = [await createPerson(harness, []), await createPerson(harness, [])]
  const lasting = new AbortController().signal
  const ask = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      const signal = AbortSignal.any([lasting, AbortSignal.timeout(1)])
      const outcome = await alice.network.mailbox(bob.address(), get, signal).catch(codeOf)
      expect(outcome).toBe('not-found')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    await settle()
  }
  await ask(10)
  const before = signals()
  await ask(200)
  expect(signals() - before).toBeLessThan(50)
  await harness.dispose()
})
