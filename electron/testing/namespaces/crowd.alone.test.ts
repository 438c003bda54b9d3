import { beforeEach, describe, expect, it } from 'vitest'
import type { ChannelId } from '../../../shared/domain/ids.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import { AppError } from '../../kernel/errors.ts'
import { newCountry } from './country.ts'
import { whyNot } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Residents } from './residents.ts'

const missing = whyNot()
const CROWD = 25
/** All of them share the processors of one computer. */
const PATIENCE_MS = 400_000

describe.runIf(missing === null)(`${CROWD} computers, each in a network of its own`, { timeout: 1_200_000 }, () => {
  let lab: Lab
  let people: Residents
  beforeEach(() => {
    const country = newCountry()
    ;({ lab, people } = country)
    return country.dispose
  })

  const until = (what: string, look: () => Promise<boolean>) => people.until(what, look, PATIENCE_MS)

  it('join one space, and each hears what every other says', async () => {
    const middle = lab.namespace('middle')
    lab.forward(middle)
    const names = Array.from({ length: CROWD }, (_, n) => `p${n}`)
    const homes = names.map((name, n) => {
      const home = lab.namespace(name)
      lab.cable({ namespace: home, addresses: [`10.80.${n}.2/24`] }, { namespace: middle, addresses: [`10.80.${n}.1/24`] })
      lab.route(home, `10.80.${n}.1`)
      return { name, home }
    })
    // A start is work for one processor, of which there are two or more.
    for (let n = 0; n < CROWD; n += 2) await Promise.all(homes.slice(n, n + 2).map(({ name, home }) => people.serve(name, home)))
    const apis = new Map<string, Api>()
    for (const name of names) apis.set(name, await people.call(name))
    const [host, ...guests] = [...apis.values()]
    if (host === undefined) throw new Error('somebody is there')
    const { spaceId, channels } = await host['spaces.create']({ name: 'Town' })
    const { link } = await host['invitations.create']({ spaceId, role: 'member', maxUses: null, expiresInMs: 86_400_000 })
    for (const guest of guests) {
      await guest['joins.start']({ link: link ?? '' })
      await until('it is in', async () => (await guest['joins.list']({})).every(({ state }) => state.kind === 'done'))
    }
    const channelId = channels[0]?.channelId ?? ('' as ChannelId)
    const all = names.map((name) => `${name} is here`).sort()
    // What is said before its author knows of a newcomer is not for the newcomer.
    for (const [name, api] of apis)
      await until(`everybody at ${name}`, async () => (await api['members.list']({ spaceId })).length === CROWD)
    for (const [name, api] of apis) await until(`${name} may write`, () => saysOnceIn(api, channelId, `${name} is here`))
    for (const [name, api] of apis) {
      const heard = async () =>
        (await api['messages.page']({ channelId, limit: 100, before: null, after: null, around: null })).messages
          .map(({ text }) => text)
          .sort()
      await until(`all words at ${name}`, async () => (await heard()).length === CROWD)
      expect(await heard()).toEqual(all)
      const { peers } = await people.status(name)
      expect(peers.every(({ path }) => path === null || path === 'direct')).toBe(true)
    }
  })
})

/** Whoever was so slow that it took itself for astray is let in again first (SPEC.md R2). */
async function saysOnceIn(api: Api, channelId: ChannelId, text: string): Promise<boolean> {
  try {
    await api['messages.send']({ channelId, text, replyTo: null })
    return true
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'returning') return false
    throw thrown
  }
}
