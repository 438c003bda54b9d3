import { beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'
import { commitBy, gather, NONE, outcome, stateOf, yes } from '../../testing/mls/party.ts'
import type { Party } from '../../testing/mls/party.ts'
import { unwrap, wrap } from './state.ts'

let party: Party
beforeEach(async () => {
  party = await gather(['Alice', 'Bob'])
})

/** What it was taken for, and what the checks beside it came to. */
async function aside(bytes: Uint8Array): Promise<[string, boolean[]]> {
  const checks: (() => Promise<boolean>)[] = []
  const options = { takeOwn: false, verifyLater: (verify: () => Promise<boolean>) => checks.push(verify) }
  return [await outcome(party.engine.receive(stateOf(party, 1), bytes, yes, options)), await Promise.all(checks.map((verify) => verify()))]
}

describe('a signature that is checked beside', () => {
  it('holds for what its sender signed', async () => {
    const { message } = await party.engine.encrypt(stateOf(party, 0), utf8('hello'), NONE)
    expect(await aside(message)).toEqual(['message', [true]])
  })

  it('does not hold for what another signed in the name of the sender, and says so every time', async () => {
    const forger = wrap({ ...unwrap(stateOf(party, 0)), signaturePrivateKey: new Uint8Array(32).fill(9) })
    const { message } = await party.engine.encrypt(forger, utf8('not hers'), NONE)
    expect(await aside(message)).toEqual(['message', [false]])
    expect(await aside(message)).toEqual(['message', [false]])
    expect(await outcome(party.engine.receive(stateOf(party, 1), message, yes))).toBe('invalid')
  })

  it('is never that of a commit: those are checked at once', async () => {
    const { commit } = await commitBy(party, 0, {})
    expect(await aside(commit)).toEqual(['commit', []])
  })

  it('of what is no message is not asked for', async () => {
    const { message } = await party.engine.encrypt(stateOf(party, 0), utf8('hello'), NONE)
    const spoilt = new Uint8Array(message)
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1
    expect(await aside(spoilt)).toEqual(['invalid', []])
  })
})
