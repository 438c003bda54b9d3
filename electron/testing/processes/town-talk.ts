import { setTimeout as sleep } from 'node:timers/promises'
import { result } from './command-line.ts'
import type { ProxiedTown } from './proxied-town.ts'

/** How long it is looked for something that has to come. A dial that failed is tried again after some seconds. */
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 1_000

/** Looks again and again until there is something; throws, naming it, where it never comes. */
export async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`)
    await sleep(LOOK_EVERY_MS)
  }
}

export interface MemberLine {
  memberId: string
  name: string
  role: string
  online: boolean
}

/** What people in one space of a town do and see, by the command line. */
export interface Talk {
  spaceId: string
  channelId: string
  /** All that was said, so that it can be looked for. */
  said: string[]
  say(name: string, text: string): Promise<void>
  texts(name: string): Promise<string[]>
  members(name: string): Promise<MemberLine[]>
  channels(name: string): Promise<string[]>
  memberId(of: string): Promise<string>
  /** Waits until all of them see the same of something. It may be so on the way already: see {@link Talk.settleOn}. */
  agree(names: readonly string[], what: string, see: (name: string) => Promise<readonly string[]>): Promise<readonly string[]>
  /**
   * Waits until all of them see just this of something. What somebody did beside others is done again a moment after
   * all have met, so that they may agree once before it is there.
   */
  settleOn(
    names: readonly string[],
    what: string,
    see: (name: string) => Promise<readonly string[]>,
    expected: readonly string[],
  ): Promise<void>
  /** Everybody has all of these texts, once, and nobody owes anything. */
  hasAll(names: readonly string[], texts: readonly string[]): Promise<void>
}

/** `founder` makes a space; nobody is in it yet. */
export async function talkIn(town: ProxiedTown, founder: string): Promise<Talk> {
  const space = await result(town.dir(founder), 'space', 'create', 'Friends')
  const spaceId = space['spaceId'] as string
  const channelId = (space['channels'] as { channelId: string }[])[0]?.channelId ?? ''
  const members = async (name: string): Promise<MemberLine[]> =>
    (await result(town.dir(name), 'members', '--space', spaceId))['members'] as MemberLine[]
  const texts = async (name: string): Promise<string[]> => {
    const { messages } = await result(town.dir(name), 'history', '--channel', channelId, '--limit', '200')
    return (messages as { text: string }[]).map(({ text }) => text)
  }
  const queued = async (name: string): Promise<number> => ((await result(town.dir(name), 'status'))['queued'] as unknown[]).length
  const talk: Talk = {
    spaceId,
    channelId,
    said: [],
    members,
    texts,
    async say(name, text) {
      talk.said.push(text)
      await result(town.dir(name), 'send', '--channel', channelId, text)
    },
    async channels(name) {
      const { channels } = await result(town.dir(name), 'channel', 'list', '--space', spaceId)
      return (channels as { name: string }[]).map((channel) => channel.name).sort()
    },
    async memberId(of) {
      const found = (await members(founder)).find((member) => member.name === of)
      if (found === undefined) throw new Error(`${of} is no member`)
      return found.memberId
    },
    agree: (names, what, see) =>
      until(`the same ${what} at ${names.join(', ')}`, async () => {
        const [first, ...more] = await Promise.all(names.map(see))
        return first !== undefined && more.every((other) => other.join('\n') === first.join('\n')) ? first : null
      }),
    async settleOn(names, what, see, expected) {
      let last: readonly (readonly string[])[] = []
      const settled = async (): Promise<true | null> => {
        last = await Promise.all(names.map(see))
        return last.every((seen) => seen.join('\n') === expected.join('\n')) ? true : null
      }
      await until(`${what} at ${names.join(', ')}: ${expected.join(', ')}`, settled).catch((cause: unknown) => {
        throw new Error(`seen at last: ${JSON.stringify(last)}`, { cause })
      })
    },
    async hasAll(names, expected) {
      for (const name of names)
        await until(`${expected.length} messages at ${name}`, async () => {
          const here = await texts(name)
          return expected.every((text) => here.filter((one) => one === text).length === 1) ? true : null
        })
      for (const name of names) await until(`nothing left to deliver at ${name}`, async () => ((await queued(name)) === 0 ? true : null))
    },
  }
  return talk
}

/** All of them ask to be let in by one link, at once. */
export async function joinAll(town: ProxiedTown, host: string, { spaceId }: Talk, names: readonly string[]): Promise<void> {
  const { link } = await result(town.dir(host), 'invite', '--space', spaceId)
  await Promise.all(names.map((name) => result(town.dir(name), 'join', link as string, '--timeout', '120')))
}

/** Nothing passes between the two parts until `mode(…, 'carry')`. */
export const across = (town: ProxiedTown, part: readonly string[], rest: readonly string[]) =>
  part.flatMap((one) => rest.flatMap((other) => town.between(one, other)))
