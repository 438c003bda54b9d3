import type { MemberId } from '../../../shared/domain/ids.ts'
import type { Member } from '../../../shared/domain/models.ts'
import type { ErrorCode } from '../../../shared/ipc/error-codes.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Dice } from '../crash/dice.ts'
import { NO_FAULTS } from '../network/fault-proxy.ts'
import { mode } from '../processes/proxied-town.ts'
import { across } from '../processes/town-talk.ts'
import type { Book, Made } from './book.ts'
import type { People } from './people.ts'

export interface Story {
  people: People
  book: Book
  dice: Dice
  /** Each word is another one. */
  nextWord: () => number
}

/** Null: it cannot be done now. Else what is done, which may be while others are. */
export type Act = (story: Story) => { what: string; done: Promise<unknown> } | null

/** What somebody may be told who does something while the space changes, lines fail and processes die. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['not-found', 'not-permitted', 'not-member', 'conflict', 'returning', 'stopping', 'unreachable', 'timed-out', 'cancelled'] as const),
  ...(['already-member', 'removed'] as const),
])

/** How often each act comes up, compared with the others. */
export const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [10, say],
  [4, join],
  [2, askAnew],
  [2, createChannel],
  [2, createPrivate],
  [1, setRole],
  [1, remove],
  [1, leave],
  [1, forget],
  [3, comeBack],
  [3, fall],
  [4, rise],
  [2, cut],
  [2, part],
  [3, heal],
  [1, noise],
  [1, relayFalls],
  [2, relayRises],
]

const refused = (code: string): boolean => (REFUSALS as ReadonlySet<string>).has(code)

/** Resolves to null where it was refused, as it may be. */
async function tried<T>({ book }: Story, what: string, work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !refused(thrown.code)) throw new Error(`${what} failed`, { cause: thrown })
    book.note(`${what}: ${thrown.code}`)
    return null
  }
}

const up = ({ people }: Story, names: readonly string[]): string[] => names.filter((name) => people.isUp(name))

const one = ({ dice }: Story, names: readonly string[]): string | null => (names.length === 0 ? null : dice.pick(names))

/** They never leave and are never removed: what they make stays. */
const STEADY = 3
const steady = (story: Story): string[] => up(story, isIn(story, story.people.town.names.slice(0, STEADY)))
/** Those who may be removed, and may leave. */
const fickle = (story: Story): string[] => isIn(story, story.people.town.names.slice(STEADY))
const isIn = ({ book }: Story, names: readonly string[]): string[] =>
  names.filter((name) => book.standing(name) === 'in' && !book.doubtful.has(name))

const membersSeen = ({ people, book }: Story, by: string): Promise<Member[]> => people.api(by)['members.list']({ spaceId: book.spaceId })

async function memberId(story: Story, by: string, of: string): Promise<MemberId | undefined> {
  return (await membersSeen(story, by)).find(({ name }) => name === of)?.memberId
}

function say(story: Story): ReturnType<Act> {
  const { book, people, dice } = story
  const author = one(story, up(story, book.all('in')))
  if (author === null) return null
  const text = `${author} says ${story.nextWord()}`
  const lot = dice.between(0, 1_000)
  const speak = async (): Promise<void> => {
    const api = people.api(author)
    const spaces = await api['spaces.list']({})
    const here = spaces.find(({ spaceId }) => spaceId === book.spaceId)?.channels ?? []
    const open = here.filter((channel) => channel.may.send && !channel.lost)
    const channel = open[lot % open.length]
    if (channel === undefined) return book.note(`${author} may say nothing`)
    const members = await api['channels.members']({ channelId: channel.channelId })
    const self = members.find((member) => member.self)
    if (self === undefined) return book.note(`${author} is not in ${channel.name}`)
    const to = new Set(members.map((member) => member.memberId))
    const said = {
      text,
      author: self.memberId,
      channelId: channel.channelId,
      to,
      may: new Set(members.map((member) => member.name)),
      accepted: false,
    }
    book.said.push(said)
    await api['messages.send']({ channelId: channel.channelId, text, replyTo: null })
    said.accepted = true
    for (const member of await api['channels.members']({ channelId: channel.channelId })) said.may.add(member.name)
  }
  return { what: text, done: tried(story, text, speak()) }
}

/** Another link each time: removing somebody revokes the one they came by. */
async function invite(people: People, book: Book): Promise<string> {
  const asked = { spaceId: book.spaceId, role: 'member', maxUses: null, expiresInMs: 86_400_000 } as const
  const { link } = await people.api(book.founder)['invitations.create'](asked)
  book.link = link ?? book.link
  return book.link
}

export function join(story: Story): ReturnType<Act> {
  const { book, people } = story
  const name = one(story, up(story, book.all('outside')))
  if (name === null) return null
  book.set(name, 'joining')
  const ask = async (): Promise<void> => {
    await people.api(name)['joins.start']({ link: people.isUp(book.founder) ? await invite(people, book) : book.link })
  }
  return { what: `${name} joins`, done: tried(story, `${name} joins`, ask()) }
}

/** Gives up asking, perhaps the moment it was let in, and asks again by another link. */
function askAnew(story: Story): ReturnType<Act> {
  const { book, people } = story
  const who = one(story, up(story, book.all('joining')))
  if (who === null || book.back.has(who) || !people.isUp(book.founder)) return null
  const ask = async (): Promise<void> => {
    const api = people.api(who)
    book.gaveUp.add(who)
    for (const { joinId } of await api['joins.list']({})) await api['joins.cancel']({ joinId })
    await askBy(story, who)
  }
  return { what: `${who} asks anew`, done: tried(story, `${who} asks anew`, ask()) }
}

async function askBy({ people, book }: Story, who: string): Promise<void> {
  await people.api(who)['joins.start']({ link: await invite(people, book) })
  book.gaveUp.delete(who)
}

/** Who gave up, and was killed before it asked again, may be in the space without knowing it: it asks now. */
export async function askAtLast(story: Story): Promise<void> {
  const { book } = story
  for (const who of book.all('outside').filter((name) => book.gaveUp.has(name))) {
    book.note(`${who} asks at last`)
    book.set(who, 'joining')
    await tried(story, `${who} asks at last`, askBy(story, who))
  }
}

function createChannel(story: Story): ReturnType<Act> {
  const { book, people } = story
  const by = one(story, steady(story))
  if (by === null) return null
  const name = `open-${story.nextWord()}`
  const made: Made = { name, members: null, maybe: new Set(), accepted: false }
  book.channels.push(made)
  const make = people
    .api(by)
    ['channels.create']({ spaceId: book.spaceId, name, kind: 'open' })
    .then(() => (made.accepted = true))
  return { what: `${by} makes ${name}`, done: tried(story, `${by} makes ${name}`, make) }
}

function createPrivate(story: Story): ReturnType<Act> {
  const { book, people, dice } = story
  const by = one(story, steady(story))
  if (by === null) return null
  const name = `private-${story.nextWord()}`
  const wanted = new Set(people.town.names.filter(() => dice.chance(0.5)))
  const make = async (): Promise<void> => {
    const members = (await membersSeen(story, by)).filter((member) => member.self || wanted.has(member.name))
    const made: Made = { name, members: new Set(members.map((member) => member.memberId)), maybe: new Set(), accepted: false }
    book.channels.push(made)
    const others = members.flatMap((member) => (member.self ? [] : member.memberId))
    await people.api(by)['channels.create']({ spaceId: book.spaceId, name, kind: 'private', members: others })
    made.accepted = true
  }
  return { what: `${by} makes ${name} for ${[...wanted].join(' ')}`, done: tried(story, `${by} makes ${name}`, make()) }
}

function setRole(story: Story): ReturnType<Act> {
  const { book, people, dice } = story
  const whom = one(story, book.all('in').slice(1))
  if (whom === null || !people.isUp(book.founder)) return null
  const role = people.town.names.indexOf(whom) < STEADY ? 'admin' : dice.pick(['member', 'moderator'] as const)
  const give = async (): Promise<void> => {
    const id = await memberId(story, book.founder, whom)
    if (id !== undefined) await people.api(book.founder)['members.setRole']({ spaceId: book.spaceId, memberId: id, role })
  }
  return { what: `${whom} becomes ${role}`, done: tried(story, `${whom} becomes ${role}`, give()) }
}

function remove(story: Story): ReturnType<Act> {
  const { book, people } = story
  const whom = one(story, fickle(story))
  if (whom === null || !people.isUp(book.founder)) return null
  book.doubtful.add(whom)
  const drop = async (): Promise<void> => {
    const id = await memberId(story, book.founder, whom)
    for (const name of people.town.names)
      if (name !== book.founder && ['in', 'joining'].includes(book.standing(name))) book.uninvited.add(name)
    for (const made of book.channels) if (id !== undefined && made.members?.has(id) === true) made.maybe.add(id)
    if (id !== undefined) await people.api(book.founder)['members.remove']({ spaceId: book.spaceId, memberId: id })
    if (id !== undefined) book.set(whom, 'removed')
    book.doubtful.delete(whom)
  }
  return { what: `${whom} is removed`, done: tried(story, `${whom} is removed`, drop()) }
}

function forget(story: Story): ReturnType<Act> {
  const { book, people } = story
  const who = one(story, up(story, book.all('removed')))
  if (who === null || book.doubtful.has(who)) return null
  const drop = async (): Promise<void> => {
    const spaces = await people.api(who)['spaces.list']({})
    if (spaces.find(({ spaceId }) => spaceId === book.spaceId)?.status.kind !== 'removed') return
    await people.api(who)['spaces.forget']({ spaceId: book.spaceId })
    book.set(who, 'outside')
  }
  return { what: `${who} forgets the space`, done: tried(story, `${who} forgets`, drop()) }
}

/** By another invitation, to what it has of the space. */
function comeBack(story: Story): ReturnType<Act> {
  const { book, people } = story
  const who = one(story, up(story, book.all('removed')))
  if (who === null || book.doubtful.has(who) || !people.isUp(book.founder)) return null
  const ask = async (): Promise<void> => {
    const spaces = await people.api(who)['spaces.list']({})
    if (spaces.find(({ spaceId }) => spaceId === book.spaceId)?.status.kind !== 'removed') return
    const link = await invite(people, book)
    book.back.set(who, Infinity)
    book.doubtful.add(who)
    await people.api(who)['joins.start']({ link })
    book.set(who, 'joining')
    book.doubtful.delete(who)
  }
  return { what: `${who} is invited again`, done: tried(story, `${who} is invited again`, ask()) }
}

function leave(story: Story): ReturnType<Act> {
  const { book, people } = story
  const who = one(story, up(story, fickle(story)))
  if (who === null) return null
  book.doubtful.add(who)
  const go = async (): Promise<void> => {
    await people.api(who)['spaces.leave']({ spaceId: book.spaceId })
    book.set(who, 'leaving')
    book.doubtful.delete(who)
  }
  return { what: `${who} leaves`, done: tried(story, `${who} leaves`, go()) }
}

function fall(story: Story): ReturnType<Act> {
  const { people, dice } = story
  const name = one(story, up(story, people.town.names))
  if (name === null || up(story, people.town.names).length < 2) return null
  const signal = dice.pick(['SIGKILL', 'SIGKILL', 'SIGTERM'] as const)
  return { what: `${name} gets ${signal}`, done: people.halt(name, signal) }
}

function rise(story: Story): ReturnType<Act> {
  const { people } = story
  const down = people.town.names.filter((name) => people.isDown(name))
  const name = one(story, down)
  return name === null ? null : { what: `${name} is back`, done: people.start(name) }
}

function cut({ people, dice }: Story): ReturnType<Act> {
  const how = dice.pick(['reset', 'end'] as const)
  for (const proxy of people.lines()) if (dice.chance(0.4)) proxy.cut(how)
  return { what: `lines are cut (${how})`, done: Promise.resolve() }
}

function part({ people, dice }: Story): ReturnType<Act> {
  const { names } = people.town
  const how = dice.pick(['refuse', 'stall'] as const)
  const some = names.filter(() => dice.chance(0.5))
  const rest = names.filter((name) => !some.includes(name))
  const lines = new Set(people.lines())
  mode(
    across(people.town, some, rest).filter((proxy) => lines.has(proxy)),
    how,
  )
  return { what: `${some.join(' ')} | ${rest.join(' ')}: ${how}`, done: Promise.resolve() }
}

function heal({ people }: Story): ReturnType<Act> {
  mode(people.lines(), 'carry')
  for (const proxy of people.lines()) proxy.set({ ...NO_FAULTS, delayMs: [1, 5] })
  return { what: 'all lines carry', done: Promise.resolve() }
}

function noise({ people, dice }: Story): ReturnType<Act> {
  const [corrupt, reset, swallow] = [dice.pick([0, 0.02]), dice.pick([0, 0.02]), dice.pick([0, 0.2])]
  for (const proxy of people.lines()) proxy.set({ delayMs: [1, dice.between(5, 80)], corrupt, reset, swallow })
  return { what: `lines fail: ${corrupt} ${reset} ${swallow}`, done: Promise.resolve() }
}

function relayFalls({ people: { relay }, dice }: Story): ReturnType<Act> {
  const signal = dice.pick(['SIGKILL', 'SIGTERM'] as const)
  return relay?.isUp === true ? { what: `the relay gets ${signal}`, done: relay.halt(signal) } : null
}

function relayRises({ people: { relay } }: Story): ReturnType<Act> {
  return relay === null || !relay.isDown ? null : { what: 'the relay is back', done: relay.start() }
}
