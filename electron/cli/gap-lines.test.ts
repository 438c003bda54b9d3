import { expect, it } from 'vitest'
import type { MemberId, SpaceId } from '../../shared/domain/ids.ts'
import { gapNews } from './gap-lines.ts'
import type { Gap } from './gap-lines.ts'

const gap = (memberId: string, messages: number, asked: string[] = []): Gap => ({
  ...{ spaceId: 's' as SpaceId, memberId: memberId as MemberId, name: memberId, messages, asked },
})

it('a gap is told when it opens, when it changes and when it closes, and no other time', () => {
  const [two, asking, one] = [gap('bob', 2), gap('bob', 2, ['Carol']), gap('bob', 1, ['Carol'])]
  expect(gapNews([], [two])).toEqual([two])
  expect(gapNews([two], [two])).toEqual([])
  expect(gapNews([two], [asking])).toEqual([asking])
  expect(gapNews([asking], [one, gap('dan', 1)])).toEqual([one, gap('dan', 1)])
  expect(gapNews([one, gap('dan', 1)], [gap('dan', 1)])).toEqual([gap('bob', 0)])
})
