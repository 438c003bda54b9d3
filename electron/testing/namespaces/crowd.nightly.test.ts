import { beforeEach, describe, expect, it } from 'vitest'
import { newCountry } from './country.ts'
import { whyNot } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Residents } from './residents.ts'

const missing = whyNot()
const CROWD = 25

describe.runIf(missing === null)(`${CROWD} computers, each in a network of its own`, { timeout: 900_000 }, () => {
  let lab: Lab
  let people: Residents
  beforeEach(() => {
    const country = newCountry()
    ;({ lab, people } = country)
    return country.dispose
  })

  it('join one space, and each hears what every other says', async () => {
    const middle = lab.namespace('middle')
    lab.forward(middle)
    const names = Array.from({ length: CROWD }, (_, n) => `p${n}`)
    for (const [n, name] of names.entries()) {
      const home = lab.namespace(name)
      lab.cable({ namespace: home, addresses: [`10.80.${n}.2/24`] }, { namespace: middle, addresses: [`10.80.${n}.1/24`] })
      lab.route(home, `10.80.${n}.1`)
      await people.serve(name, home)
    }
    const [host = '', ...guests] = names
    const { spaceId, channels } = await people.command(host, 'space', 'create', 'Town')
    const [channel] = channels as { channelId: string }[]
    const { link } = await people.command(host, 'invite', '--space', String(spaceId))
    for (const guest of guests) await people.command(guest, 'join', String(link), '--timeout', '120')
    const channelId = channel?.channelId ?? ''
    // What is said before its author knows of a newcomer is not for the newcomer.
    for (const name of names)
      await people.until(`everybody at ${name}`, async () => (await people.members(name, String(spaceId))).length === CROWD)
    for (const name of names) await people.sayOnceIn(name, channelId, `${name} is here`)
    const all = names.map((name) => `${name} is here`).sort()
    for (const name of names) {
      await people.until(`all words at ${name}`, async () => (await people.texts(name, channelId)).length === CROWD)
      expect(await people.texts(name, channelId)).toEqual(all)
      const { peers } = await people.status(name)
      expect(peers.every(({ path }) => path === null || path === 'direct')).toBe(true)
    }
  })
})
