import { expect, it } from 'vitest'
import type { ChannelId, MemberId } from '../../shared/domain/ids.ts'
import type { Channel, Space } from '../../shared/domain/models.ts'
import { channelWords, spaceWords } from './space-words.ts'

const id = 'c1' as ChannelId
const channel = (more: Partial<Channel>) =>
  ({ channelId: id, name: 'general', kind: 'open', status: { kind: 'member' }, with: null, ...more }) as Channel

it.each<[Partial<Channel>, string]>([
  [{}, '#general  c1'],
  [{ kind: 'private', name: 'plans' }, '#plans  c1  (private)'],
  [{ kind: 'private', name: 'plans', status: { kind: 'removed', at: 0, by: null } }, '#plans  c1  (private, you were removed)'],
  [{ kind: 'direct', name: 'Bob', with: 'bob' as MemberId }, 'Bob  c1  (direct)'],
  [{ kind: 'direct', name: 'Bob' }, 'Bob  c1  (direct, the other left)'],
])('a channel %j is listed as %s', (more, words) => {
  expect(channelWords(channel(more))).toBe(words)
})

it('a space is listed with its channels, and whether one is still in it', () => {
  const space = (kind: Space['status']['kind']) =>
    spaceWords({ spaceId: 's1', name: 'Choir', status: { kind }, channels: [channel({})] } as unknown as Space)
  expect(['member', 'leaving', 'removed'].map((kind) => space(kind as Space['status']['kind']))).toEqual([
    'Choir  s1\n  #general  c1',
    'Choir  s1  (leaving)\n  #general  c1',
    'Choir  s1  (you were removed)\n  #general  c1',
  ])
})
