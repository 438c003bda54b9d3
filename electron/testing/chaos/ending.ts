import type { ChannelId, MemberId } from '../../../shared/domain/ids.ts'
import type { Member, Message, Space } from '../../../shared/domain/models.ts'
import type { Api } from '../../../shared/ipc/contract.ts'
import type { Book, Made } from './book.ts'
import type { People } from './people.ts'

/** What is wrong still, once everybody is up and all lines carry; nothing, after a while. */
export async function complaints(people: People, book: Book): Promise<string[]> {
  await observe(people, book)
  await noteUninvited(people, book)
  const found = await Promise.all(people.town.names.map((name) => complaintsOf(name, people.api(name), book)))
  return found.flat()
}

/** Notes who has come in, or gone, since it was looked at last. */
export async function observe(people: People, book: Book): Promise<void> {
  for (const name of people.town.names) {
    const before = book.standing(name)
    if (!people.isUp(name) || (['outside', 'in'].includes(before) && !book.doubtful.has(name))) continue
    const api = people.api(name)
    // In this order: of a join that ended between the two the space is there, or never comes.
    const all = await api['joins.list']({})
    const space = (await api['spaces.list']({})).find(({ spaceId }) => spaceId === book.spaceId)
    const joins = all.filter(({ state }) => ['working', 'waiting'].includes(state.kind))
    if (book.doubtful.has(name)) book.set(name, !space ? 'outside' : space.status.kind === 'member' ? 'in' : space.status.kind)
    else if (before === 'joining' && space?.status.kind === 'member' && joins.length === 0) cameIn(book, name)
    // the invitation went before it was used
    else if (before === 'joining' && space?.status.kind === 'removed' && joins.length === 0) book.set(name, 'removed')
    // either it was gone before it was asked for, or it is over
    else if (space === undefined && joins.length === 0) book.set(name, 'outside')
    const now = book.standing(name)
    const states = all.map(({ state }) => ('code' in state ? `${state.kind}: ${state.code}` : state.kind)).join(', ')
    if (now !== before) book.note(`${name} is ${now}, was ${before} (joins ${states})`)
  }
}

function cameIn(book: Book, name: string): void {
  book.set(name, 'in')
  book.gaveUp.delete(name)
  if (book.back.has(name)) book.back.set(name, book.said.length)
}

async function noteUninvited(people: People, book: Book): Promise<void> {
  for (const name of book.all('in').filter((one) => book.uninvited.has(one))) {
    const space = (await people.api(name)['spaces.list']({})).find(({ spaceId }) => spaceId === book.spaceId)
    if (space?.astray !== true || space.uninvited === null) continue
    book.set(name, 'removed')
    book.note(`${name} is told that it takes another invitation`)
  }
}

async function complaintsOf(name: string, api: Api, book: Book): Promise<string[]> {
  const space = (await api['spaces.list']({})).find(({ spaceId }) => spaceId === book.spaceId)
  switch (book.standing(name)) {
    case 'outside':
      return space === undefined ? [] : [`${name} has a space that it is not in`]
    case 'leaving':
      return [`${name} is still leaving`]
    case 'joining': {
      const states = (await api['joins.list']({})).map(({ state }) => state.kind)
      return [`${name} is still joining (${states.join(' ')}; the space: ${space?.status.kind ?? 'none'})`]
    }
    case 'removed':
      // Where the commit that let it in lost, nothing is left that it could be removed from: it is told that it takes another invitation.
      return space?.status.kind === 'removed' || (space?.astray === true && space.uninvited !== null)
        ? []
        : [`${name} does not know that it is removed (${space?.status.kind ?? 'no space'})`]
    case 'in':
      return space === undefined ? [`${name} has no space`] : complaintsOfMember(name, api, space, book)
  }
}

async function complaintsOfMember(name: string, api: Api, space: Space, book: Book): Promise<string[]> {
  const members = await api['members.list']({ spaceId: book.spaceId })
  const self = members.find((member) => member.self)?.memberId
  if (self === undefined) return [`${name} is no member where it is`]
  return [
    ...place(name, space, self, book),
    ...company(name, members, book),
    ...(await debts(name, api)),
    ...(await words({ name, self, members: new Set(members.map(({ memberId }) => memberId)) }, api, space, book)),
  ]
}

function place(name: string, { status, astray, returning, channels }: Space, self: MemberId, book: Book): string[] {
  const here = channels.filter((channel) => channel.status.kind === 'member')
  const names = here.map((channel) => channel.name)
  const [mine, others] = [book.channels.filter((made) => isFor(made, self)), book.channels.filter((made) => !isFor(made, self))]
  return [
    ...(status.kind === 'member' ? [] : [`${name} is ${status.kind}`]),
    ...(astray ? [`${name} is astray`] : []),
    ...(returning ? [`${name} is returning`] : []),
    ...mine.flatMap((made) => (made.accepted && !names.includes(made.name) && !made.maybe.has(self) ? [`${name} lacks ${made.name}`] : [])),
    ...others.flatMap((made) => (names.includes(made.name) && !made.maybe.has(self) ? [`${name} sees ${made.name}`] : [])),
    ...names.flatMap((each) => (names.indexOf(each) !== names.lastIndexOf(each) ? [`${name} has ${each} twice`] : [])),
    ...here.flatMap((channel) => (channel.lost || channel.astray ? [`${name}'s ${channel.name} is lost or astray`] : [])),
  ]
}

const isFor = ({ members }: Made, self: MemberId): boolean => members === null || members.has(self)

function company(name: string, members: readonly Member[], book: Book): string[] {
  const expected = book.all('in').toSorted().join(', ')
  const namesOf = (some: readonly Member[]): string =>
    some
      .map((member) => member.name)
      .toSorted()
      .join(', ')
  const [all, online] = [namesOf(members), namesOf(members.filter((member) => member.online))]
  return [
    ...(all === expected ? [] : [`${name} sees ${all} and not ${expected}`]),
    ...(online === expected ? [] : [`${name} is connected with ${online} and not ${expected}`]),
  ]
}

async function debts(name: string, api: Api): Promise<string[]> {
  const { queued, missing } = await api['connection.status']({})
  return [
    ...(queued.length > 0 ? [`${name} owes messages in ${queued.length} channels`] : []),
    ...(missing.length > 0 ? [`${name} misses messages of ${missing.map((one) => one.name).join(' ')}`] : []),
  ]
}

interface Reader {
  name: string
  self: MemberId
  /** Whom it sees in the space. */
  members: ReadonlySet<MemberId>
}

/** Everything accepted, of who is in still, is with everybody whom it was for, once; nothing is anywhere twice. */
async function words(reader: Reader, api: Api, space: Space, book: Book): Promise<string[]> {
  const { name, self, members } = reader
  const times = new Map<string, number>()
  for (const { channelId } of space.channels)
    for (const { text } of await history(api, channelId)) times.set(`${channelId} ${text}`, (times.get(`${channelId} ${text}`) ?? 0) + 1)
  const since = book.back.get(name) ?? 0
  return book.said.flatMap(({ text, author, channelId, to, may, accepted }, nth) => {
    const has = times.get(`${channelId} ${text}`) ?? 0
    if (has > 1) return [`${name} has “${text}” ${has} times`]
    if (has === 1 && !may.has(name)) {
      const channel = space.channels.find((one) => one.channelId === channelId)?.name ?? '?'
      return [`${name} has “${text}” in ${channel}, which was for ${[...may].join(' ')}`]
    }
    return has === 0 && accepted && nth >= since && members.has(author) && to.has(self) ? [`${name} lacks “${text}”`] : []
  })
}

async function history(api: Api, channelId: ChannelId): Promise<Message[]> {
  const all: Message[] = []
  for (let before: string | null = null; ;) {
    const page = await api['messages.page']({ channelId, limit: 200, before, after: null, around: null })
    all.push(...page.messages)
    before = page.nextCursor
    if (before === null) return all
  }
}
