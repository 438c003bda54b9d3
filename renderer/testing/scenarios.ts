import type { Channel, MailboxStatus, Message, PeerStatus } from '../../shared/domain/models.ts'
import {
  idOf,
  makeBackupStatus,
  makeChannel,
  makeConnection,
  makeInvitation,
  makeJoin,
  makeMember,
  makeMessage,
  makeProfile,
  makeSpace,
  noRights,
  NOON,
} from './make.ts'
import { crowdedConnection, troubledPeople } from './people-scenes.ts'
import type { World } from './world.ts'
import { emptyWorld, worldWith } from './world.ts'
import type { UpdateOffer, UpdateStep } from '../../shared/ipc/updates.ts'
import type { MemberId, PeerId, UnmetId } from '../../shared/domain/ids.ts'

/** States of the window worth looking at, by name. */
const choir = () => makeSpace('Harbour choir', ['general', 'rehearsals', 'sheet-music', 'tea and biscuits'])
const others = ['Bob', 'Mira Lindqvist', 'Tomasz', 'نورا الحسن']
const lines = [
  'Has anyone seen the alto part of the Tallis?',
  'In the cupboard behind the piano, second shelf.',
  'Found it, thank you. I will make copies for Thursday.',
  'Could we start at 19:30 instead of 19:00? Half of the basses come straight from work.',
  'Fine with me.',
  'Same here.\nI can open the hall at seven so that whoever is early does not stand in the rain.',
  'The minutes of last week: https://example.org/minutes/2026-11-14. Nothing secret in them.',
  'Lovely. See you then',
]
const voices = ['Bob', 'Bob', 'Alice', 'Mira Lindqvist', 'Tomasz', 'Alice', 'Bob', 'Alice']

const talk = (count: number, channelId: Message['channelId']): Message[] =>
  Array.from({ length: count }, (_, index) => {
    const spoken = lines[index % lines.length] ?? ''
    const minutes = Math.floor(index / 8) * 55 + (index % 8) * 2
    const back = (count / 8) * 55
    return makeMessage(channelId, index + 1, voices[index % voices.length] ?? 'Bob', spoken, { sentAt: NOON - (back - minutes) * 60_000 })
  })

function connected(names: readonly string[]): World['connection'] {
  const space = choir()
  return makeConnection({
    peers: names.map((name) => ({
      peerId: idOf<PeerId>(`peer${name}`),
      state: 'ready',
      direction: 'outbound',
      path: 'direct',
      members: [{ spaceId: space.spaceId, memberId: idOf<MemberId>(name), name }],
      lastError: null,
      retryAt: null,
    })),
  })
}

function chat(messages: (channelId: Message['channelId']) => Message[], part: Partial<World> = {}): World {
  const space = choir()
  const channelId = space.channels[0]?.channelId ?? idOf('channel')
  const second = makeSpace('Night Owls', ['general', 'astronomy'])
  const world = worldWith(space, others, { connection: connected(['Bob', 'Mira Lindqvist']), messages: messages(channelId), ...part })
  const [, , music] = world.spaces[0]?.channels ?? []
  if (music !== undefined) music.unread = 3
  const list = world.members[space.spaceId]
  if (list?.[3] !== undefined) list[3].online = false
  if (list?.[4] !== undefined) list[4].online = false
  if (list?.[1] !== undefined) list[1].role = 'admin'
  world.spaces.push(second)
  world.members[second.spaceId] = [makeMember('Alice', { self: true, role: 'owner', online: true })]
  return world
}

const offlinePart = { connection: makeConnection({ listening: [] }) }
const wait = (state: Message['delivery']['state'], delivered: number): Partial<Message> => ({
  delivery: { state, delivered, read: 0, recipients: 4, reason: state === 'failed' ? 'The space was split.' : null },
})
const alone = () => {
  const space = makeSpace('Harbour choir')
  return worldWith(space)
}

const offer: UpdateOffer = {
  version: '1.3.0',
  date: '2026-11-26T09:00:00Z',
  notes: 'Search is faster.\nA space that was split comes together sooner.',
  size: 98_400_000,
  signers: ['Ada Lindqvist', 'Bo'],
}
const updating = (step: UpdateStep): World => chat((channelId) => talk(100, channelId), { updates: { ...emptyWorld().updates, step } })

export const scenarios: Record<string, () => World> = {
  'first-run': () => emptyWorld({ status: { kind: 'none', passphraseRequired: false } }),
  'first-run-required': () => emptyWorld({ status: { kind: 'none', passphraseRequired: true } }),
  'in-use': () => emptyWorld({ status: { kind: 'in-use' } }),
  locked: () => emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false } }),
  unreadable: () =>
    emptyWorld({
      status: { kind: 'unreadable', code: 'unreadable', reason: 'The system keyring answered with another key.', repairable: false },
    }),
  'locked-recovery': () => emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: true, passphraseRequired: false } }),
  'locked-recovery-required': () => emptyWorld({ status: { kind: 'locked', passphrase: true, recovery: true, passphraseRequired: true } }),
  'newer-profile': () => emptyWorld({ status: { kind: 'unreadable', code: 'newer-profile', reason: '', repairable: false } }),
  'upgrade-failed': () => emptyWorld({ status: { kind: 'unreadable', code: 'upgrade-failed', reason: '', repairable: false } }),
  repairable: () =>
    emptyWorld({
      status: {
        kind: 'unreadable',
        code: 'unreadable',
        reason: 'Twelve pages of the database are damaged, the first of them is page 4711.',
        repairable: true,
      },
    }),
  welcome: () => emptyWorld(),
  'welcome-joining': () =>
    emptyWorld({
      joins: [
        makeJoin('Harbour choir', {
          state: { kind: 'waiting', step: 'connecting', code: 'unreachable', message: '', retryAt: NOON + 30_000 },
        }),
        makeJoin('Book club', {
          state: { kind: 'waiting', step: 'admitting', code: 'unreachable', message: '', retryAt: NOON + 30_000 },
        }),
        makeJoin('Chess club', {
          state: { kind: 'waiting', step: 'admitting', code: 'returning', message: '', retryAt: NOON + 5_000 },
        }),
        makeJoin('Garden', { state: { kind: 'waiting', step: 'admitting', code: 'removed', message: '', retryAt: NOON + 5_000 } }),
        makeJoin('Old friends', { state: { kind: 'refused', code: 'invitation-expired', message: '' } }),
        makeJoin('Rowing', { state: { kind: 'refused', code: 'removed', message: '' } }),
        makeJoin('Film club', { state: { kind: 'refused', code: 'not-permitted', message: '' } }),
      ],
    }),
  alone,
  one: () => chat((channelId) => talk(1, channelId)),
  hundred: () => chat((channelId) => talk(100, channelId)),
  many: () => chat((channelId) => talk(600, channelId)),
  states: () =>
    chat((channelId) => [
      ...talk(4, channelId),
      makeMessage(channelId, 20, 'Alice', 'Delivered to all of you', wait('delivered', 4)),
      makeMessage(channelId, 21, 'Alice', 'Held by two', wait('held', 2)),
      makeMessage(channelId, 22, 'Alice', 'Only here so far', wait('stored', 0)),
      makeMessage(channelId, 23, 'Alice', 'This one did not make it', wait('failed', 0)),
    ]),
  offline: () =>
    chat(
      (channelId) => [...talk(8, channelId), makeMessage(channelId, 30, 'Alice', 'Written on the train', wait('stored', 0))],
      offlinePart,
    ),
  ugly: () => {
    const world = chat((channelId) => [
      ...talk(2, channelId),
      makeMessage(channelId, 10, 'Bob', `Look: ${'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(8)}`),
      makeMessage(
        channelId,
        11,
        'The Most Honourable Bartholomew Featherstonehaugh-Cholmondeley of the Outer Hebrides and beyond',
        'A very long name.',
      ),
      makeMessage(channelId, 12, 'نورا الحسن', 'مرحبا، هل نلتقي يوم الخميس في السابعة والنصف؟ سأحضر النوتات معي.'),
      makeMessage(channelId, 13, 'נועה', 'שלום! אני מגיעה עם https://example.org/שיר ועוד כמה דברים.'),
      makeMessage(channelId, 14, 'Bob', '<img src=x onerror=alert(1)> <script>alert(2)</script> & "quotes"'),
      makeMessage(channelId, 15, 'Bob', 'abc\u202Etxt.exe and https://аpple.com/login'),
      makeMessage(channelId, 16, 'Alice', '👩‍👩‍👧‍👦 🐼\n\n    indented\n\tand tabbed'),
    ])
    const [first] = world.spaces
    if (first !== undefined) {
      first.name = 'A space with a name that is far too long for any column it stands in'
      const [, second] = first.channels
      if (second !== undefined) second.name = 'a-channel-whose-name-goes-on-and-on-and-on-without-a-break'
    }
    return world
  },
  thousand: () =>
    chat((channelId) =>
      talk(1_000, channelId).map((message) => ({ ...message, text: `${message.seq} ${message.text}`, author: { ...message.author } })),
    ),
  unread: () => {
    const world = chat((channelId) => talk(300, channelId))
    const [first] = world.spaces[0]?.channels ?? []
    if (first !== undefined) Object.assign(first, { unread: 60, readSeq: 220 })
    return world
  },
  replies: () =>
    chat((channelId) => [
      ...talk(100, channelId),
      makeMessage(channelId, 201, 'Bob', 'Yes, half past seven.', { replyTo: makeMessage(channelId, 4, '', '').messageId }),
      makeMessage(channelId, 202, 'Mira Lindqvist', 'And this?', { replyTo: idOf('gone') }),
      makeMessage(channelId, 203, 'Alice', '🎻🎻'),
      makeMessage(channelId, 204, 'Alice', 'ok', wait('held', 2)),
    ]),
  returning: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined) Object.assign(space, { returning: true, may: noRights })
    return world
  },
  removed: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined)
      Object.assign(space, { status: { kind: 'removed', at: NOON, by: 'Mira Lindqvist' }, role: 'member', may: noRights })
    for (const member of world.members[choir().spaceId] ?? []) member.may = { remove: false, verify: false, roles: [], message: false }
    return world
  },
  private: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space === undefined) return world
    const { spaceId } = space
    const may = { send: true, rename: true, addMembers: true, removeMembers: true, history: true, leave: true }
    const planning = makeChannel(spaceId, 'birthday plans', {
      kind: 'private',
      membersOf: idOf('birthday'),
      memberCount: 3,
      may,
      unread: 2,
    })
    const direct = (name: string, part: Partial<Channel> = {}) =>
      makeChannel(spaceId, name, {
        ...{ kind: 'direct', membersOf: idOf(`direct${name}`), memberCount: 2, with: idOf<MemberId>(name) },
        may: { ...may, rename: false, addMembers: false, removeMembers: false },
        ...part,
      })
    space.channels.push(
      planning,
      direct('Bob', { unread: 1 }),
      direct('Bob', { channelId: idOf('Bob before'), with: null }),
      direct('نورا الحسن'),
    )
    const [alice, bob, mira] = world.members[spaceId] ?? []
    if (alice !== undefined && bob !== undefined && mira !== undefined) world.members[planning.membersOf] = [alice, bob, mira]
    return world
  },
  'removed-channel': () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    const first = space?.channels[0]
    if (space !== undefined && first !== undefined) {
      const may = { send: false, rename: false, addMembers: false, removeMembers: false, history: false, leave: true }
      const status = { kind: 'removed', at: NOON, by: 'Mira Lindqvist' } as const
      Object.assign(first, { name: 'birthday plans', kind: 'private', membersOf: idOf('birthday'), memberCount: 3, may, status })
      world.members[first.membersOf] = (world.members[space.spaceId] ?? []).slice(1, 3)
    }
    return world
  },
  'lost-channel': () => {
    const world = chat((channelId) => talk(8, channelId))
    const [first] = world.spaces[0]?.channels ?? []
    const may = { send: false, rename: false, addMembers: false, removeMembers: false, history: false, leave: false }
    if (first !== undefined) Object.assign(first, { name: 'summer party', may, lost: true })
    return world
  },
  troubled: () => {
    const space = choir()
    const person = (name: string, part: Partial<PeerStatus>): PeerStatus => ({
      ...{ peerId: idOf<PeerId>(`peer${name}`), state: 'backing-off', direction: 'outbound', path: null },
      members: [{ spaceId: space.spaceId, memberId: idOf<MemberId>(name), name }],
      ...{ lastError: 'timed-out', retryAt: NOON + 42_000 },
      ...part,
    })
    const mailbox = (name: string, part: Partial<MailboxStatus>): MailboxStatus => ({
      ...{ peerId: `12D3KooWMailbox${name}` as PeerId, state: 'reachable', lastFetchedAt: NOON - 90_000, withheld: 0 },
      ...part,
    })
    const sam = idOf<MemberId>('Sam')
    return chat((channelId) => talk(8, channelId), {
      connection: makeConnection({
        peers: [
          person('Bob', { state: 'ready', path: 'relayed', lastError: null, retryAt: null }),
          person('Mira Lindqvist', {}),
          person('Tomasz', { state: 'dialing', lastError: null, retryAt: null }),
          person('نورا الحسن', { lastError: 'refused' }),
          person('Stranger', { state: 'handshaking', members: [], lastError: null, retryAt: null }),
        ],
        ...troubledPeople(space),
        missing: [
          { spaceId: space.spaceId, memberId: sam, name: 'Mira Lindqvist', messages: 2, asked: ['Bob'] },
          { spaceId: space.spaceId, memberId: sam, name: 'Tomasz', messages: 1, asked: [] },
        ],
        mailboxes: [
          mailbox('aaaaaa', {}),
          mailbox('bbbbbb', { state: 'clock' }),
          mailbox('cccccc', { state: 'untrusted', withheld: 3 }),
          mailbox('dddddd', { state: 'none', lastFetchedAt: null }),
          mailbox('eeeeee', { state: 'full', withheld: 1 }),
        ],
        unmet: [
          {
            ...{ unmetId: idOf<UnmetId>('results'), at: NOON - 65_000, spaceId: space.spaceId, spaceName: space.name, channelName: '' },
            ...{ kind: 'create-channel', name: 'results', why: 'Your role in this space does not let you create channels.' },
          },
          {
            ...{
              unmetId: idOf<UnmetId>('role'),
              at: NOON - 95_000,
              spaceId: space.spaceId,
              spaceName: space.name,
              channelName: 'planning',
            },
            ...{ kind: 'remove', name: 'Tomasz', why: 'Your role does not allow it.' },
          },
        ],
        lastErrors: [
          { at: NOON - 4_000, message: 'timed-out', peerId: null },
          { at: NOON - 95_000, message: 'refused', peerId: null },
        ],
      }),
    })
  },
  crowded: () => chat((channelId) => talk(8, channelId), { connection: crowdedConnection(choir()) }),
  leaving: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [, second] = world.spaces
    if (second !== undefined) Object.assign(second, { status: { kind: 'leaving', since: NOON }, may: noRights })
    return world
  },
  backups: () =>
    chat((channelId) => talk(8, channelId), {
      status: { kind: 'open', profile: makeProfile({ recovery: true }) },
      backup: makeBackupStatus({
        schedule: { folder: '/media/alice/Blue disk/Backups of SpacePanda', everyDays: 7, keep: 5 },
        last: { at: NOON - 3 * 86_400_000, file: '/media/alice/Blue disk/Backups of SpacePanda/SpacePanda 2026-11-18.spacepanda-backup' },
        problem: 'The folder is not there. Is the disk connected?',
        snapshots: [
          { at: NOON - 6 * 3_600_000, bytes: 48_300_000 },
          { at: NOON - 30 * 3_600_000, bytes: 47_900_000 },
        ],
      }),
    }),
  keyring: () => chat((channelId) => talk(8, channelId), { status: { kind: 'open', profile: makeProfile({ passphrase: false }) } }),
  'no-keyring': () =>
    chat((channelId) => talk(8, channelId), { status: { kind: 'open', profile: makeProfile({ passphraseRequired: true }) } }),
  newcomer: () => {
    const world = chat((channelId) => talk(4, channelId))
    const [space] = world.spaces
    Object.assign(space?.channels[0] ?? {}, { before: 'joined' })
    Object.assign(space?.channels[1] ?? {}, { before: 'joined' })
    return world
  },
  'newcomer-given': () => {
    const bob = { memberId: idOf<MemberId>('Bob'), name: 'Bob' }
    const world = chat((channelId) => {
      const said = talk(16, channelId).filter(({ author }) => !author.self)
      return said.map((message, index) => (index < 8 ? { ...message, seq: index - 8, sharedBy: bob } : message))
    })
    Object.assign(world.spaces[0]?.channels[0] ?? {}, { before: 'given' })
    return world
  },
  swept: () => {
    const world = chat((channelId) => talk(8, channelId))
    Object.assign(world.spaces[0]?.channels[0] ?? {}, { before: 'deleted', keepDays: 30 })
    return world
  },
  astray: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined) Object.assign(space, { astray: true, returning: true, may: noRights })
    return world
  },
  'taken-over': () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined) Object.assign(space, { astray: true, takenOver: true, returning: true, may: noRights })
    return world
  },
  uninvited: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined) Object.assign(space, { astray: true, uninvited: 'refused', returning: true, may: noRights })
    return world
  },
  strangers: () => {
    const world = chat((channelId) => talk(8, channelId))
    const [space] = world.spaces
    if (space !== undefined) Object.assign(space, { astray: true, uninvited: 'strangers', returning: true, may: noRights })
    return world
  },
  'update-offered': () => updating({ kind: 'offered', offer, later: false }),
  'update-downloading': () => updating({ kind: 'downloading', offer, received: 41_000_000 }),
  'update-ready': () => updating({ kind: 'ready', offer, later: false }),
  'update-soon': () => updating({ kind: 'ready', offer, later: false, soon: true }),
  'update-failed': () => updating({ kind: 'failed', failure: 'not-permitted', offer, later: false }),
  'update-while-locked': () => ({
    ...updating({ kind: 'ready', offer, later: false }),
    status: { kind: 'locked', passphrase: true, recovery: false, passphraseRequired: false },
  }),
  invited: () =>
    chat((channelId) => talk(8, channelId), {
      invitations: [makeInvitation(choir().spaceId, { maxUses: 5, uses: 2 })],
    }),
}
